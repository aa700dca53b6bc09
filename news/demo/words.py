"""Titles and bodies of generated articles. Words repeat as in real news: a few everywhere, most seldom (Zipf's law)."""

import itertools
import random

_TOPICS = (
    "光伏 储能 风电 氢能 电网 电池 碳中和 新能源 充电桩 分布式 绿电 虚拟电厂 电力市场 海上风电 组件 逆变器 硅料 "
    "锂电 钠电池 抽水蓄能 生物质 地热 光热 核电 特高压 微电网 综合能源 节能改造 碳交易 碳汇 绿证 需求响应 农光互补 "
    "渔光互补 屋顶电站 光储充 换电 燃料电池 电解槽 液冷 变压器 智能电表 功率预测 运维 钙钛矿 异质结 熔盐 压缩空气 飞轮"
).split()
_PLACES = (
    "福建 江苏 广东 浙江 山东 内蒙古 新疆 青海 甘肃 河北 厦门 漳州 泉州 苏州 深圳 宁波 青岛 南昌 合肥 成都 西安 "
    "武汉 长沙 昆明 贵阳 海口 兰州 西宁 银川 沈阳"
).split()
_ACTORS = (
    "集团 公司 项目组 园区 行业协会 研究院 设计院 电网企业 当地政府 合作伙伴 工程团队 运维中心 多家企业 业内专家 "
    "制造企业 投资方"
).split()
_VERBS = (
    "宣布启动 完成 加快推进 正式投运 签署 发布 通过验收 开工建设 扩大 升级 研究 试点 推广 参与 公布 优化 引进 交付 "
    "调试 复制"
).split()
_OBJECTS = (
    "项目 示范工程 合作协议 技术路线 建设方案 年度计划 标准 试点 生产线 平台 电站 基地 白皮书 改造工程 采购 "
    "验收报告 运行数据 服务网络"
).split()
_REMARKS = (
    "预计每年可减少二氧化碳排放{n}吨 总投资约{n}万元 装机容量达到{n}千瓦 较去年同期增长{p}% 设备利用率提高到{p}% "
    "已有{n}户参与 平均每度电成本下降{p}% 将在明年上半年全部建成 为下一阶段的工作打下了基础 得到了现场人员的肯定 "
    "安全运行超过{n}天 数据全部接入统一的监控平台 有关部门表示将继续完善配套政策 企业的用能成本明显下降 "
    "下一步将总结经验后推广 业内认为市场仍有较大空间"
).split()
# The long tail: names that occur in few articles.
_SYLLABLES = "华远景明海川云鼎安泰瑞丰启辰晟达宏信恒嘉博润科源天成新阳东升万邦"


def _cumulative(words):
    return list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))


_WEIGHTS = {
    id(words): _cumulative(words) for words in (_TOPICS, _PLACES, _ACTORS, _VERBS, _OBJECTS, _REMARKS)
}


def _pick(rng, words):
    return rng.choices(words, cum_weights=_WEIGHTS[id(words)])[0]


def make_tag_names() -> list[str]:
    return _TOPICS[:40]


def make_article(rng: random.Random, length: int = 300) -> tuple[str, str]:
    """Title and HTML body of about `length` characters, in two parts, about two or three topics."""
    topics = [_pick(rng, _TOPICS) for _ in range(rng.randint(2, 3))]
    title = f"{_pick(rng, _PLACES)}{_name(rng)}{_pick(rng, _VERBS)}{topics[0]}{_pick(rng, _OBJECTS)}"
    body = (
        f"<p>{_text(rng, topics, length // 2)}</p><h2>{topics[-1]}{_pick(rng, _OBJECTS)}</h2>"
        f"<p>{_text(rng, topics, length // 2)}</p>"
    )
    return title, body


def _text(rng, topics, length):
    text = ""
    while len(text) < length:
        text += (
            f"{_pick(rng, _PLACES)}{_pick(rng, _ACTORS)}{_pick(rng, _VERBS)}{rng.choice(topics)}{_pick(rng, _OBJECTS)}，"
            f"{_pick(rng, _REMARKS).format(n=rng.randint(100, 9000), p=rng.randint(2, 60))}。"
        )
    return text


def _name(rng):
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3)))
