"""Search: which articles are found, in which order, the same on both databases."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import given, settings
from hypothesis import strategies as st

from news.models import Article
from news.search import Query
from news.search.words import MAX_ORDERED_WORDS, index_words
from tests.factories import make_article, make_section

pytestmark = pytest.mark.django_db

BEIJING = ZoneInfo("Asia/Shanghai")
READER = {"headers": {"User-Agent": "Mozilla/5.0 (Linux; Android 13) Mobile"}}


def found(text):
    query = Query.parse(text)
    articles = Article.objects.in_bulk()
    return [
        articles[number].title
        for number in Article.objects.published().matching(query).best_first(query, 100)
    ]


def test_an_old_phrase_is_found_behind_newer_articles_that_hold_its_words_apart():
    make_article("旧文", body="<p>虚拟电厂并网。</p>", days_old=90)
    for number in range(5):
        make_article(
            f"新文{number}", body="<p>电厂扩建，虚拟仿真，模拟电路，虚拟、拟电、电厂。</p>", days_old=number
        )
    make_article("更旧的", body="<p>虚拟电厂。</p>", days_old=99)
    newest = Article.objects.matching(Query.parse("虚拟电厂"), newest=1)
    assert [article.title for article in newest] == ["旧文"]
    assert found("虚拟电厂") == ["旧文", "更旧的"]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("光伏", True),
        ("伏发", True),
        ("分布式光伏发电", True),
        ("光伏电站", False),  # the text has 光伏发电站: the characters, but not in sequence
        ("电", True),
        ("站", True),  # the last character of a run
        ("建成。", True),
        ("氢", False),
        ("5G储能", True),
        ("５ｇ储能", True),
        ("储能柜", True),
        ("能柜5", False),
        ("SN-2000", True),
        ("sn2000", False),
        ("SN 2000", True),
        ("2000", True),
        ("200", True),  # the beginning of a word
        ("00", False),
        ("Photovol", True),
        ("voltaic", False),
        ("光伏 储能", True),
        ("储能 氢能", False),
        ("“光伏 发电站”", False),
        ('"SN 2000"', True),
        ("碳中和", True),
        ("CO₂", True),
        ("co2", True),
        ("𠮷", True),
        ("カーボン", True),
        ("、。！", False),
        ("", False),
    ],
)
def test_what_is_found(query, is_found):
    make_article(
        "分布式光伏发电站建成",
        body="<p>柜内装 5G储能柜 SN-2000，photovoltaic，碳中和，减排 CO₂，𠮷田先生，カーボン。</p>",
    )
    assert bool(found(query)) is is_found


def test_the_title_goes_before_the_body_and_the_newer_before_the_older():
    make_article("旧的光伏", days_old=30)
    make_article("正文里有", body="<p>光伏</p>", days_old=1)
    make_article("新的光伏", days_old=2)
    make_article("摘要里有", summary="讲光伏的", body="<p>无</p>", days_old=3)
    make_article("无关", body="<p>风电</p>")
    assert found("光伏") == ["新的光伏", "旧的光伏", "正文里有", "摘要里有"]


def test_title_and_body_together_hold_all_terms():
    make_article("储能", body="<p>光伏</p>")
    assert found("光伏 储能") == ["储能"]


def test_no_phrase_runs_from_the_title_into_the_body():
    make_article("上海光", body="<p>伏特</p>")
    make_article("上海 5G", body="<p>储能</p>")
    assert found("光伏") == []
    assert found("5G储能") == []


def test_the_index_follows_every_way_of_writing():
    article = make_article("原题", body="<p>原文</p>")
    article.title = "改过的题"
    article.save()
    assert found("原题") == []
    assert found("改过的题") == ["改过的题"]
    article.body = "<p>换过的正文</p>"
    article.save(update_fields=["body"])
    assert found("原文") == []
    assert found("换过") == ["改过的题"]
    Article.objects.filter(pk=article.pk).update(title="又改")
    assert found("改过的题") == []
    assert found("又改") == ["又改"]
    article.refresh_from_db()
    article.title = "批改"
    Article.objects.bulk_update([article], ["title"])
    assert found("又改") == []
    assert found("批改") == ["批改"]
    Article.objects.bulk_create(
        [Article(title="批量", body="<p>一起写入</p>", section=make_section(), status="published",
                 published_at=article.published_at)]
    )  # fmt: skip
    assert found("一起写入") == ["批量"]
    Article.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM news_search")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_articles_from_before_the_index_are_found_after_the_migration():
    article = make_article("迁移之前的光伏")
    migrate = lambda name: MigrationExecutor(connection).migrate([("news", name)])  # noqa: E731
    migrate("0001_initial")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM news_article")
            assert cursor.fetchone() == (1,)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert found("光伏") == [article.title]


@pytest.mark.django_db(transaction=True)
def test_words_of_a_short_article_are_moved_into_its_row_and_are_the_same():
    characters = [chr(0x4E00 + number) for number in range(300)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE news_search RESET (toast_tuple_target)")
    article = make_article("写在移动之前", body=f"<p>{''.join(characters)}</p>")
    assert _words_outside_of_rows() in (None, 1)
    migrate = lambda name: MigrationExecutor(connection).migrate([("news", name)])  # noqa: E731
    try:
        migrate("0010_list_indexes")
        migrate("0011_search_words_in_rows")
        assert _words_outside_of_rows() in (None, 0)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
    for text in ("".join(characters[:2]), "".join(characters[150:160]), "".join(characters[-3:]), "移动之前"):
        assert found(text) == [article.title]
    Article.objects.update(title="写在移动之后")
    assert _words_outside_of_rows() in (None, 0)


def _words_outside_of_rows():
    """How many articles have their words outside of the row; None on SQLite, where that does not exist."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltoastrelid::regclass FROM pg_class WHERE oid = 'news_search'::regclass")
        cursor.execute(f"SELECT count(DISTINCT chunk_id) FROM {cursor.fetchone()[0]}")
        return cursor.fetchone()[0]


def test_a_very_long_text_is_found_to_its_end():
    body = "".join(f"<p>第{n}号机组 unit{n} 并网。</p>" for n in range(4000))
    assert len(index_words(body)) > MAX_ORDERED_WORDS
    make_article("长文", body=body + "<p>末尾写着钙钛矿</p>")
    assert found("钙钛") == ["长文"]
    assert found("unit3999") == ["长文"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_indexed_and_searched_for(text):
    article = Article(
        title=text.replace("\x00", "")[:200] or "题", section=make_section(), body="", status="draft"
    )
    article.save()
    query = Query.parse(text.replace("\x00", ""))
    assert Article.objects.matching(query).filter(pk=article.pk).exists() is bool(query)
    assert re.sub(r"</?mark>", "", query.highlight("<b>&光伏")) == "&lt;b&gt;&amp;光伏" if query else True


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("光伏", "光伏<b>与光伏", "<mark>光伏</mark>&lt;b&gt;与<mark>光伏</mark>"),
        ("sn-2000", "型号 SN－2000 & SN 2000", "型号 <mark>SN－2000</mark> &amp; <mark>SN 2000</mark>"),
        ("光伏 光伏发电", "光伏发电和光伏", "<mark>光伏发电</mark>和<mark>光伏</mark>"),
        ("amp", "R&D", "R&amp;D"),
        (".*", "任何字", "任何字"),
    ],
)
def test_marks_stand_around_what_was_searched_for(query, text, html):
    parsed = Query.parse(query)
    assert (parsed.highlight(text) if parsed else text) == html


def test_the_snippet_is_cut_around_the_first_find():
    text = "开头。" + "前" * 200 + "。这里说到光伏发电的事。" + "后" * 200
    snippet = Query.parse("光伏").snippet(text)
    assert snippet.startswith("这里说到光伏发电的事。")
    assert snippet.endswith("…")
    assert len(snippet) < 130
    assert Query.parse("风电").snippet(text) == ""
