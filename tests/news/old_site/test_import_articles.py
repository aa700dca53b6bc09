"""python manage.py import_articles: what becomes of files, and what the operator is told."""

import csv
import io
import json
import os
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from greenenergy.models import Section
from news.management.commands.import_articles import fitted, padded, width
from news.models import Article, Tag
from news.old_site import importing
from tests.factories import make_page, make_section

pytestmark = pytest.mark.django_db

REAL_PAGE = Path(__file__).parents[2] / "data" / "old-site-article.txt"
PROSE = "六月以来，公司在厦门、泉州两地新建的屋顶光伏电站陆续并网，预计全年可减少二氧化碳排放三千吨。"


def run(*paths, **options):
    """What the command says; `refused` is left to the tests that are about it."""
    out = io.StringIO()
    call_command("import_articles", *map(str, paths), stdout=out, **options)
    return out.getvalue()


def run_refused(*paths, **options):
    out = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_articles", *map(str, paths), stdout=out, **options)
    return out.getvalue() + str(error.value)


def text_page(title="屋顶光伏电站并网", date="2023-07-18", section="行业资讯", tags="光伏，储能", body=PROSE):
    return f"您好，欢迎访问某某公司\n{section}\n\n{title}\n\n发布时间：{date} 人气：428\n\n{body}\n\n标签：{tags}\n在线客服\n"


@pytest.fixture
def old(tmp_path):
    """Writes files of an old site; gives their paths."""

    def write(name, content):
        path = tmp_path / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def make_csv(*rows, columns=("标题", "栏目", "发布时间", "人气", "正文", "标签")):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue()


# ---- the real page


def test_the_real_page_is_published_with_date_views_section_and_headings():
    out = run(REAL_PAGE, publish=True)
    article = Article.objects.published().get()
    assert article.title == "美国总统气候特使克里访华,中美双方就合作气候变化深入交流"
    assert timezone.localtime(article.published_at).isoformat() == "2023-07-18T00:00:00+08:00"
    assert (article.section.name, article.initial_views, article.tags.count()) == ("行业资讯", 428, 0)
    assert article.body.count("<h2>") == 4
    assert "<h2>我国坚定推进双碳战略</h2>" in article.body
    assert "欢迎访问" not in article.body
    assert "在线客服" not in article.body
    assert "导入 1，跳过 0，拒绝 0" in out


def test_the_page_reads_well_on_the_site(client):
    run(REAL_PAGE, publish=True)
    page = client.get(Article.objects.get().get_absolute_url()).text
    assert "2023-07-18" in page
    assert "428" in page
    assert ">中美双方或将携手共赢</h2>" in page


# ---- drafts, and what is made once


def test_articles_are_drafts_unless_told(old):
    run(old("a.txt", text_page()))
    article = Article.objects.get()
    assert article.status == Article.Status.DRAFT
    assert timezone.localtime(article.published_at).date().isoformat() == "2023-07-18"
    assert article.tag_names == ["储能", "光伏"] or set(article.tag_names) == {"储能", "光伏"}


def test_a_page_without_a_date_stays_a_draft_and_the_table_says_why(old):
    out = run(old("a.txt", text_page().replace("发布时间：2023-07-18 ", "")), publish=True)
    assert Article.objects.get().status == Article.Status.DRAFT
    assert "没有发布时间，存为草稿" in out


def test_run_twice_it_makes_nothing_twice(old):
    page, table = (
        old("a.txt", text_page()),
        old("b.csv", make_csv(["另一篇", "公司新闻", "2023/7/1", "5", PROSE, "风电"])),
    )
    run(page, table)
    before = (Article.objects.count(), Section.objects.count(), Tag.objects.count())
    out = run(page, table, section="别的栏目", publish=True)
    assert (Article.objects.count(), Section.objects.count(), Tag.objects.count()) == before == (2, 2, 3)
    assert out.count("已导入过（文章 #") == 2
    assert not Article.objects.published().exists()


def test_an_article_that_an_editor_retitled_is_not_made_again(old):
    page = old("a.txt", text_page())
    run(page)
    Article.objects.update(title="新的标题")
    assert "跳过 1" in run(page)


def test_the_same_page_in_two_files_is_made_once(old):
    html = f"<h1>屋顶光伏电站 并网</h1><p>发布时间:2023-07-18</p><p>{PROSE}</p>"
    out = run(old("a.txt", text_page(section="")), old("b.html", html))
    assert Article.objects.count() == 1
    assert f"与本次导入的文章 #{Article.objects.get().pk} 相同" in out


def test_rows_with_their_own_old_address_are_different_articles(old):
    rows = [{"title": "停电通知", "body": PROSE, "url": f"http://old.example/{n}.html"} for n in (1, 2, 1)]
    run(old("a.jsonl", "\n".join(map(json.dumps, rows))))
    assert Article.objects.count() == 2


def test_a_faster_import_elsewhere_wins_and_ours_is_skipped(old, monkeypatch):
    page = old("a.txt", text_page())
    make_key = importing.import_key

    def key_that_is_taken_meanwhile(page):
        Article.objects.filter(title="别处导入的").update(import_key=make_key(page))
        return make_key(page)

    run(old("b.txt", text_page(title="别处导入的")))
    look = importing.Importer._look_for
    calls = []

    def look_that_comes_too_early(self, key):
        calls.append(key)
        return look(self, key) if len(calls) > 1 else None

    monkeypatch.setattr(importing, "import_key", key_that_is_taken_meanwhile)
    monkeypatch.setattr(importing.Importer, "_look_for", look_that_comes_too_early)
    assert "跳过 1，拒绝 0" in run(page)
    assert Article.objects.count() == 1


def test_a_dry_run_stores_nothing_and_says_so(old):
    same = text_page()
    out = run(
        old("a.txt", same), old("b.txt", same), old("c/d.html", picture_page()), dry_run=True, publish=True
    )
    assert not Article.objects.exists()
    assert not Section.objects.exists()
    assert not Tag.objects.exists()
    assert not Path(default_storage.location).exists()
    assert "导入 2，跳过 1，拒绝 0" in out
    assert "什么也没有保存" in out


# ---- sections and tags


def test_the_section_of_that_name_is_used_and_a_missing_one_is_made(old):
    news = make_section("行业资讯")
    run(old("a.txt", text_page()), old("b.txt", text_page(title="第二篇新闻稿", section="光伏天地")))
    assert Article.objects.get(title="屋顶光伏电站并网").section == news
    assert Article.objects.get(title="第二篇新闻稿").section.name == "光伏天地"


def test_a_company_page_of_the_same_name_is_no_section_for_articles(old):
    make_page("光伏天地")
    run(old("a.txt", text_page(section="光伏天地")))
    assert Article.objects.get().section.kind == Section.Kind.LIST


def test_sections_enter_the_navigation_only_with_published_articles(old):
    run(old("a.txt", text_page(section="光伏天地")))
    run(old("b.txt", text_page(title="第二篇新闻稿", section="储能天地")), publish=True)
    assert [section.name for section in Section.objects.for_navigation()] == ["储能天地"]


def test_pages_without_a_section_go_where_the_operator_says(old):
    run(old("a.txt", text_page(section="")), section="旧站文章")
    assert Article.objects.get().section.name == "旧站文章"


def test_tags_are_shared_with_those_that_exist(old):
    tag = Tag.objects.create(name="CCER")
    run(old("a.txt", text_page(tags="ccer，光伏")))
    assert tag in Article.objects.get().tags.all()
    assert Tag.objects.count() == 2


def test_a_tag_that_is_too_long_is_left_out_and_noted(old):
    out = run(old("a.jsonl", json.dumps({"title": "标题", "body": PROSE, "tags": ["光伏", "长" * 31]})))
    assert Article.objects.get().tag_names == ["光伏"]
    assert "1 个标签太长或太多" in out


# ---- one bad file


def test_a_bad_file_is_refused_with_the_reason_and_the_others_go_on(old):
    good = [old("a.txt", text_page(title="甲文章标题")), old("z.txt", text_page(title="乙文章标题"))]
    bad = {
        old("empty.txt", b""): "文件是空的",
        old("picture.txt", b"\x89PNG\x00\x00"): "二进制",
        old("deep.html", "<div>" * 9999): "嵌套太深",
        old("large.html", b"x" * 5_000_001): "文件太大：6 MB",
        old("nothing.html", "<html></html>"): "没有找到标题",
        old("long.txt", text_page(title="长" * 201)): "标题太长：201 个字",
        old("huge.txt", text_page(body=PROSE * 6000)): "正文太大",
        old("page.doc", b"x"): "不认识的文件类型",
        old("table.csv", "甲,乙\n1,2\n"): "缺少：标题、正文",
        old("broken.json", "[{"): "不是有效的 JSON",
        good[0].parent / "missing.txt": "没有这个文件",
    }
    out = run_refused(good[0], *bad, good[1])
    assert set(Article.objects.values_list("title", flat=True)) == {"甲文章标题", "乙文章标题"}
    for path, reason in bad.items():
        [line] = [line for line in out.splitlines() if path.name in line]
        assert line.startswith("拒绝")
        assert reason in line
    assert f"导入 2，跳过 0，拒绝 {len(bad)}" in out
    assert f"有 {len(bad)} 项没有导入" in out
    assert not Section.objects.exclude(name="行业资讯").exists()


def test_nothing_of_a_refused_article_stays_behind(old, monkeypatch):
    def fail(names):
        raise importing.ValidationError("标签坏了")

    monkeypatch.setattr(Tag.objects, "for_names", fail)
    assert "标签坏了" in run_refused(old("a.txt", text_page()))
    assert not Article.objects.exists()
    assert not Section.objects.exists()


def test_a_pipe_is_refused_instead_of_waited_for(old):
    path = old("a.txt", "").with_name("pipe.txt")
    os.mkfifo(path)
    assert "不是普通文件" in run_refused(path)


def test_long_names_are_cut_and_noted(old):
    row = {
        "title": "标题",
        "body": PROSE,
        "source": "源" * 101,
        "author": "作" * 51,
        "source_url": "javascript:alert(1)",
    }
    out = run(old("a.jsonl", json.dumps(row)))
    article = Article.objects.get()
    assert (len(article.source), len(article.author), article.source_url) == (100, 50, "")
    assert "来源太长" in out
    assert "作者太长" in out
    assert "来源网址不是网址" in out


def test_hostile_markup_is_clean_when_stored(old):
    page = f"<h1>标题一则在此</h1><p>发布时间：2023-07-18</p><p>{PROSE}<img src=x onerror=alert(1)><a href='javascript:x'>x</a></p>"
    run(old("a.html", page + "<script>alert(1)</script>"))
    body = Article.objects.get().body
    assert "alert" not in body
    assert "javascript" not in body
    assert "<img" not in body


# ---- folders


def test_a_folder_is_walked_and_other_files_are_passed_over(old):
    old("site/b.html", picture_page("第二篇新闻稿"))
    old("site/b_files/frame.html", picture_page("框架里的网页"))
    old("site/deep/a.TXT", text_page())
    old("site/logo.png", b"x")
    old("site/.hidden.txt", text_page(title="藏着的文章"))
    (old("site/x.txt", "").parent / "x.txt").unlink()
    out = run(old("site/logo.png", b"x").parent)
    assert set(Article.objects.values_list("title", flat=True)) == {"第二篇新闻稿", "屋顶光伏电站并网"}
    assert "logo.png" not in out
    assert "共 2 个文件" in out


def test_links_in_a_folder_are_not_followed(old, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(text_page(title="不该导入的文章"))
    folder = old("site/a.txt", text_page()).parent
    (folder / "link.txt").symlink_to(secret)
    assert "符号链接" in run_refused(folder)
    assert Article.objects.count() == 1


# ---- pictures


def picture_page(title="屋顶光伏电站并网", images='<img src="b_files/roof%201.jpg" alt="屋顶">'):
    return f"<h1>{title}</h1><div>发布时间：2023-07-18</div><div><p>{PROSE}</p><p>{images}</p></div>"


def jpeg():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG")
    return out.getvalue()


def test_pictures_saved_beside_the_page_come_along(old):
    old("b_files/roof 1.jpg", jpeg())
    run(old("b.html", picture_page()))
    article = Article.objects.get()
    assert 'width="60" height="40"' in article.body
    assert 'alt="屋顶"' in article.body
    names = default_storage.listdir(f"pictures/{timezone.localdate():%Y/%m}")[1]
    assert article.body_picture.rsplit("/", 1)[1] in names


def test_pictures_that_are_not_there_are_left_out_and_counted(old, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(jpeg())
    folder = old("b_files/text.jpg", "no picture").parent
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    images = "".join(
        f'<img src="{source}">'
        for source in (
            "b_files/gone.jpg", "../secret.jpg", "b_files/link.jpg", "/etc/passwd", "b_files/%00.jpg", "b_files/text.jpg",
            f"{tmp_path}/secret.jpg", "https://other.example/1.jpg", "b_files",
        )
    )  # fmt: skip
    out = run(old("b.html", picture_page(images=images)))
    assert "<img" not in Article.objects.get().body
    assert "https://other.example/1.jpg" in Article.objects.get().body
    assert "7 张图片没有找到" in out
    assert "1 张图片在别的网站" in out
    assert "text.jpg 没有导入" in out
    assert not Path(default_storage.location, "pictures").exists()


def test_nothing_is_fetched(old, monkeypatch):
    def no_network(*args):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    run(
        old(
            "b.html",
            picture_page(images='<img src="https://other.example/1.jpg"><img src="//cdn.example/2.jpg">'),
        )
    )


# ---- tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_imported_row_by_row(old, encoding, delimiter):
    rows = make_csv(
        [
            "甲文章标题",
            "公司新闻",
            "2023/7/18 9:30",
            "1,024",
            f"<p>{PROSE}</p><h3>下一步</h3><p>{PROSE}</p>",
            "光伏，储能",
        ],
        ["乙文章标题", "", "", "", f"{PROSE}\n\n下一步的计划\n\n{PROSE}", ""],
    )
    rows = "\r\n".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row)
        for row in csv.reader(io.StringIO(rows))
    )
    run(old("a.csv", rows.encode(encoding)))
    first, second = Article.objects.order_by("title").reverse()
    assert (first.title, first.section.name, first.initial_views) == ("甲文章标题", "公司新闻", 1024)
    assert timezone.localtime(first.published_at).strftime("%F %T") == "2023-07-18 09:30:00"
    assert set(first.tag_names) == {"光伏", "储能"}
    assert "<h2>下一步</h2>" in first.body
    assert (second.published_at, second.section.name) == (None, "行业资讯")
    assert "<h2>下一步的计划</h2>" in second.body


def test_english_columns_in_any_order_are_known_and_others_ignored(old):
    columns = ("body", "ID", "Title", "source_url", "editor", "summary", "published_at")
    row = [PROSE, "7", "甲文章标题", "https://example.com/1", "李四", "摘要在此", "2023-07-18T01:00:00Z"]
    run(old("a.csv", make_csv(row, columns=columns)), publish=True)
    article = Article.objects.published().get()
    assert (article.source_url, article.editor, article.summary) == (
        "https://example.com/1",
        "李四",
        "摘要在此",
    )
    assert timezone.localtime(article.published_at).hour == 9


def test_a_bad_row_is_named_and_the_other_rows_go_on(old):
    table = make_csv(
        ["甲文章标题", "", "", "", PROSE, ""],
        ["", "", "", "", PROSE, ""],
        ["丙文章标题", "", "", "", "", ""],
        ["丁文章标题", "", "昨天", "很多", PROSE, ""],
        ["戊文章标题", "", "", "", PROSE, "", "多出来的"],
        ["己文章标题", "栏" * 51, "", "", PROSE, ""],
        [],
        ["庚文章标题", "", "", "", PROSE, ""],
    )
    out = run_refused(old("a.csv", table))
    assert Article.objects.count() == 3
    for number, reason in ((3, "没有标题"), (4, "没有正文"), (6, "列比标题行多"), (7, "名称：")):
        [line] = [line for line in out.splitlines() if f"第 {number} 行" in line]
        assert reason in line
    assert "看不懂发布时间“昨天”" in out
    assert "看不懂人气“很多”" in out


def test_a_quote_that_never_ends_is_reported_and_the_rows_before_it_stay(old):
    table = make_csv(["甲文章标题", "", "", "", PROSE, ""]) + '乙文章标题,,,,"没有完\n丙文章标题,,,,x,\n'
    out = run_refused(old("a.csv", table))
    assert Article.objects.count() == 1
    assert "第 3 行的引号或分隔符有误" in out


def test_json_lines_are_imported_line_by_line(old):
    lines = [
        json.dumps(
            {"title": "甲文章标题", "body": PROSE, "tags": ["光伏", "储能"], "views": 428}, ensure_ascii=False
        ),
        "{broken",
        "",
        "[1, 2]",
        json.dumps({"title": {"zh": "x"}, "body": PROSE}),
        "[" * 100_000,
        json.dumps({"标题": "乙文章标题\u0000\ud800", "正文": PROSE, "人气": 1e400, "发布时间": None}),
    ]
    out = run_refused(old("a.jsonl", "\n".join(lines)))
    assert Article.objects.get(title="甲文章标题").initial_views == 428
    assert Article.objects.filter(title="乙文章标题").exists()
    for number in (2, 4, 5, 6):
        assert f"第 {number} 行" in out
    assert "导入 2，跳过 0，拒绝 4" in out


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(
            [{"title": "甲文章标题", "body": PROSE}, {"title": "乙文章标题", "body": PROSE}], indent=2
        ),
        "\n".join(json.dumps({"title": title, "body": PROSE}) for title in ("甲文章标题", "乙文章标题")),
    ],
)
def test_a_json_file_may_be_a_list_or_lines(old, text):
    run(old("a.json", text))
    assert Article.objects.count() == 2


def test_bytes_that_are_no_text_spoil_only_their_own_row(old):
    rows = [
        json.dumps({"title": f"文章标题{n}", "body": PROSE}, ensure_ascii=False).encode() for n in range(3)
    ]
    rows[1] = rows[1].replace("标题".encode(), b"\xe6\xa0\xff\xff")
    out = run_refused(old("a.jsonl", b"\n".join(rows)))
    assert Article.objects.count() == 2
    assert "第 2 行" in out


# ---- what the operator sees


def test_the_table_lines_up_whatever_the_letters_are_wide(old):
    out = run(
        old("a.txt", text_page(title="短标题文章")),
        old("一个很长的文件名" * 6 + ".txt", text_page(title="长标题" * 30)),
    )
    lines = [line for line in out.splitlines() if line.startswith(("结果", "导入"))]
    titles = {
        width(line[: line.index(word)])
        for line, word in zip(lines, ("标题", "短标题", "长标题"), strict=True)
    }
    assert len(titles) == 1


@pytest.mark.parametrize(("text", "cut"), [("光伏发电", "光伏…"), ("abcdefgh", "abcde…"), ("光伏", "光伏")])
def test_text_is_cut_to_columns(text, cut):
    assert fitted(text, 6) == cut
    assert width(padded(cut, 10)) == 10


def test_names_that_would_move_the_cursor_are_shown_harmless(old):
    path = old("a.txt", "")
    strange = path.with_name("x\x1b[2J\n导入.txt")
    shutil.copy(path, strange)
    assert "\x1b" not in run_refused(strange)


def test_progress_is_shown_every_five_hundred_articles(old):
    rows = "\n".join(json.dumps({"title": f"文章{n}", "body": "x"}) for n in range(501))
    assert "文件 0/1，已处理 500 篇" in run(old("a.jsonl", rows))


def test_an_unknown_encoding_stops_before_anything_is_read(old):
    with pytest.raises(CommandError, match="klingon"):
        run(old("a.txt", text_page()), encoding="klingon")


def test_a_known_page_costs_one_query_and_a_new_one_few(old, django_assert_max_num_queries):
    files = [old(f"{n}.txt", text_page(title=f"文章标题第{n}篇")) for n in range(20)]
    run(files[0])
    with django_assert_max_num_queries(19 * 8 + 1 + 10):
        run(*files)
    with django_assert_max_num_queries(20):
        run(*files)
