"""Small pages, each of which an import once read as another article than people see: what each must give."""

from datetime import datetime
from pathlib import Path

import pytest

from news.old_site.pages import read_page

PAGES = Path(__file__).parents[2] / "data" / "old_site" / "pages"
FIRST, SECOND = "近日，示范电站的第一批组件", "按照安排，调试预计持续十天"
DAY = datetime(2021, 3, 5)

# file: (title, and what else is not as in most: date, section, source, author, editor, views, tags)
CASES = {
    "01-meta-h4.html": ("示范电站完成组件安装", {"source": "本站", "views": 112}),
    "02-pic.html": ("示范电站进入调试阶段", {"views": 12}),
    "02b-avatar.html": ("示范电站调试获得通过", {"source": "宣传科"}),
    "03-section.html": ("园区配电网改造完成", {"published_at": datetime(2021, 3, 5, 12)}),
    "03b-section.html": ("园区道路改造完成", {}),
    "03c-section.html": ("园区绿化改造完成", {}),
    "04-views.html": ("园区食堂改造完成", {"published_at": datetime(2021, 3, 5, 14, 24, 32)}),
    "04b-views.html": ("园区车棚改造完成", {"published_at": datetime(2021, 3, 5, 14, 24)}),
    "05-dede.html": (
        "河畔电站正式开工",
        {
            "published_at": datetime(2021, 3, 5, 9, 30), "section": "公司动态", "source": "本站", "author": "admin",
            "editor": "admin",
        },
    ),
    "06-table.html": ("技术交流会日程公布", {}),
    "06b-table.html": ("技术交流会名单公布", {}),
    "07-related.html": ("湖滨电站扩建启动", {}),
    "07b-related.html": ("湖滨电站扩建竣工", {}),
    "08-dateline.html": ("山区电站抢修完成", {"published_at": datetime(2021, 3, 5, 12), "source": "宣传部"}),
    "08b-dateline.html": ("山区电站抢修总结", {"source": "行政部"}),
    "08c.html": ("山区电站检查完成", {"published_at": datetime(2021, 3, 5, 9, 20, 26), "source": "电力报"}),
    "08d.html": (
        "山区电站验收完成",
        {"published_at": datetime(2021, 3, 5, 9, 20), "views": 1164, "source": "电力报", "author": "小王"},
    ),
    "09-metatags.html": (
        "沙漠电站首批并网",
        {"published_at": datetime(2021, 3, 5, 9, 53), "source": "能源报", "tags": ["并网", "沙漠"]},
    ),
    "10-source.html": ("海上电站开工建设", {"published_at": datetime(2021, 3, 5, 9, 59, 22), "source": "电力报"}),
    "11-long.txt": (
        "集团与省内三家研究院所签订战略合作协议共同推进新型储能系统的联合研发以及示范应用取得重大突破！",
        {"section": "行业新闻", "views": 12},
    ),
    "12-bold.html": ("职工运动会圆满举行", {}),
    "13a-crumb.html": ("平原电站开工", {"section": "新闻动态"}),
    "13b-crumb.html": ("平原电站竣工", {"section": "综合新闻"}),
    "13c-crumb.html": ("平原电站验收", {"section": "新闻动态"}),
    "13d-crumb.html": ("平原电站移交", {"section": "武汉"}),
    "14-h3body.html": ("草原电站获得批复", {"published_at": datetime(2021, 3, 5, 9, 53)}),
    "14b-h3body.html": ("草原电站获得贷款", {}),
    "15-tag0.html": ("标签试验第0次成功", {"tags": ["光伏", "储能"]}),
    "15-tag1.html": ("标签试验第1次成功", {"tags": ["光伏"]}),
    "15-tag2.html": ("标签试验第2次成功", {"tags": ["光伏", "储能"]}),
    "15-tag3.html": ("标签试验第3次成功", {"tags": ["光伏", "储能"]}),
    "15-tag4.html": ("标签试验第4次成功", {"tags": ["光伏"]}),
    "15-tag5.html": ("标签试验第5次成功", {"tags": ["光伏", "储能"]}),
    "i1-bare-top-labelled-below.html": ("示范电站并网仪式举行", {}),
    "i2-sidebar-first.html": ("示范电站并网仪式圆满", {"views": 12}),
    "i3-li.html": ("示范电站并网仪式落幕", {"published_at": None}),
    "i4-h1h2list.html": ("示范电站并网仪式侧记", {"published_at": None}),
    "i5-english.html": ("Pilot plant opens in spring", {}),
}  # fmt: skip
# What stands in the body beside the two paragraphs: (kind, beginning of its text)
BODIES = {
    "02-pic.html": [("picture", ""), FIRST, SECOND],
    "02b-avatar.html": [("picture", ""), FIRST, SECOND],
    "06-table.html": [FIRST, ("table", "日期 安排\n7月15日 签到\n7月16日 上午开幕"), SECOND],
    "06b-table.html": [FIRST, ("table", "项目 发布时间\n一期"), SECOND],
    "12-bold.html": [
        ("paragraph", "通讯员 王小明"), FIRST, ("picture", ""), ("paragraph", "图为运动会开幕式现场"), SECOND,
        ("paragraph", "——摘自公司内刊"), ("paragraph", "。段阶试调入进经已前目"),
    ],
    "i5-english.html": [("paragraph", "The pilot plant was opened"), ("paragraph", "It will deliver")],
}  # fmt: skip


def read_case(name):
    return read_page((PAGES / name).read_bytes(), is_html=name.endswith(".html"))


def test_every_page_has_its_expectation():
    assert {path.name for path in PAGES.iterdir()} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_the_page_gives_what_people_read_on_it(name):
    title, others = CASES[name]
    expected = {
        "published_at": DAY, "section": "", "source": "", "author": "", "editor": "", "views": None, "tags": [],
    } | others  # fmt: skip
    page = read_case(name)
    assert page.title == title
    assert {field: getattr(page, field) for field in expected} == expected


@pytest.mark.parametrize("name", CASES)
def test_the_body_is_the_articles_and_no_more(name):
    expected = [
        part if isinstance(part, tuple) else ("paragraph", part) for part in BODIES.get(name, [FIRST, SECOND])
    ]
    blocks = read_case(name).blocks
    assert [
        (block.kind, block.text[: len(text)]) for block, (_kind, text) in zip(blocks, expected, strict=True)
    ] == expected


def test_a_date_without_its_year_is_noted():
    assert read_case("i4-h1h2list.html").notes == ["看不懂发布时间“3月5日”"]
