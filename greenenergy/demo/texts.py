"""What the demo site says of its company: settings, sections, company pages, banners and friend links."""

from greenenergy.models import Section

INTRODUCTION = "2009 年从厦门的一座 3 兆瓦屋顶电站起步，如今在十一个省份运营四十三座光伏电站、126 兆瓦时储能，为 210 家园区和企业供绿电、省电费、管碳账。"
ABOUT = """
<p>新能绿源能源科技集团有限公司成立于 2009 年，总部设在厦门，业务覆盖光伏电站、储能系统、综合能源服务和碳资产管理。公司从一座 3 兆瓦的屋顶电站起步，如今在十一个省份运营着四十多个项目。</p>
<h2>我们做什么</h2>
<ul><li><strong>光伏电站：</strong>工商业屋顶、农光互补和车棚电站的投资、建设与运维。</li><li><strong>储能系统：</strong>用户侧储能、光储充一体站，从方案到并网交付。</li><li><strong>综合能源：</strong>园区配电、冷热电联供和节能改造，按节省的费用分成。</li><li><strong>碳管理：</strong>碳盘查、绿电交易和自愿减排项目开发。</li></ul>
<h2>几个数字</h2>
<table><thead><tr><th scope="col">项目</th><th scope="col">数量</th></tr></thead><tbody><tr><td>在运光伏电站</td><td>43 座，共 318 兆瓦</td></tr><tr><td>已投运储能</td><td>126 兆瓦时</td></tr><tr><td>服务的园区和企业</td><td>210 家</td></tr><tr><td>员工</td><td>480 人，其中工程技术人员占六成</td></tr></tbody></table>
<blockquote><p>把每一度绿电，用在需要它的地方。</p></blockquote>
<p><em>以上为演示内容，请在后台“栏目”里改成公司自己的介绍。</em></p>
"""
CULTURE = """
<h2>使命</h2><p>让清洁能源用得上、用得起、用得好。</p>
<h2>价值观</h2><ol><li>安全先行：没有一个工期值得冒险。</li><li>说到做到：合同里写的，是最低标准。</li><li>数据说话：发多少电、省多少钱，客户随时能查。</li></ol>
"""
HISTORY = """
<h2>2023 年</h2><p>首个百兆瓦时储能电站并网；成立碳资产管理中心。</p>
<h2>2019 年</h2><p>运维中心启用，所有电站接入统一的监控平台。</p>
<h2>2014 年</h2><p>第一座农光互补电站在漳州建成。</p>
<h2>2009 年</h2><p>公司在厦门成立。</p>
"""
SETTINGS = {
    "company_name": "新能绿源能源科技集团有限公司",
    "short_name": "新能绿源",
    "english_name": "Xinneng Green Source Energy Technology Group",
    "slogan": "把每一度绿电，用在需要它的地方",
    "address": "福建省厦门市集美区软件园三期示例路 1 号",
    "icp_number": "闽ICP备00000000号-1",
    "police_number": "闽公网安备35021100000000号",
    "seo_keywords": "光伏,储能,风电,综合能源,碳中和",
    "seo_description": "新能绿源能源科技集团有限公司：光伏电站、储能系统、综合能源服务和碳管理。这里有公司新闻、行业资讯和工程案例。",
}
ABOUT_SLUG = "about"  # the page whose introduction the home page shows

_LIST, _PAGE, _LINK = Section.Kind
_CARDS = Section.Layout.CARDS
# (name, slug, order, slug of the parent or "", other fields); a parent comes before its children.
SECTIONS = [
    ("新闻中心", "news-center", 1, "", {"kind": _LIST, "english_name": "News", "introduction": "公司动态、行业资讯与通知公告。"}),
    ("公司新闻", "company", 1, "news-center", {"kind": _LIST, "english_name": "Company news", "introduction": "项目进展、公司活动与合作。"}),
    ("行业资讯", "industry", 2, "news-center", {"kind": _LIST, "english_name": "Industry news", "introduction": "政策、市场与技术，我们读过之后觉得值得您读的。"}),
    ("通知公告", "notice", 3, "news-center", {"kind": _LIST, "english_name": "Announcements"}),
    ("产品中心", "products", 2, "", {"kind": _LIST, "english_name": "Products", "layout": _CARDS, "introduction": "光伏组件、储能系统与能源管理平台。"}),
    ("工程案例", "cases", 3, "", {"kind": _LIST, "english_name": "Projects", "layout": _CARDS, "introduction": "我们建成并在运营的项目。"}),
    ("关于我们", "about", 4, "", {"kind": _PAGE, "english_name": "About us", "body": ABOUT, "introduction": INTRODUCTION}),
    ("企业文化", "culture", 1, "about", {"kind": _PAGE, "english_name": "Culture", "body": CULTURE}),
    ("发展历程", "history", 2, "about", {"kind": _PAGE, "english_name": "History", "body": HISTORY}),
    ("联系我们", "", 5, "", {"kind": _LINK, "english_name": "Contact", "link_url": "/contact/"}),
]  # fmt: skip

# (title, link, subject and sky of the picture)
BANNERS = [
    ("把每一度绿电，用在需要它的地方", "/about/", "solar", "morning"),
    ("储能系统：白天存，晚上用", "/news/products/", "storage", "evening"),
    ("四十三座电站，十一个省份", "/news/cases/", "wind", "day"),
]
FRIENDS = [
    ("国家能源局", "https://www.nea.gov.cn/"),
    ("生态环境部", "https://www.mee.gov.cn/"),
    ("中国光伏行业协会", "https://www.chinapv.org.cn/"),
]
