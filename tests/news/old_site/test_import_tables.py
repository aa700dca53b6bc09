"""manage.py import_articles: CSV and JSON row by row, and the output for the operator."""

import csv
import io
import json
import shutil

import pytest
from django.core.management import CommandError
from django.utils import timezone

from news.management.commands.import_articles import fitted, padded, width
from news.models import Article
from tests.news.old_site.commands import make_csv, run, run_refused, text_page
from tests.news.old_site.samples import PROSE

pytestmark = pytest.mark.django_db


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
        ["丁文章标题", "", "昨天", "", PROSE, ""],
        ["戊文章标题", "", "", "", PROSE, "", "多出来的"],
        ["己文章标题", "栏" * 51, "", "", PROSE, ""],
        [],
        ["庚文章标题", "", "", "很多", PROSE, ""],
    )
    out = run_refused(old("a.csv", table))
    assert Article.objects.count() == 2
    reasons = {3: "没有标题", 4: "没有正文", 5: "看不懂发布时间“昨天”", 6: "列比标题行多", 7: "名称："}
    for number, reason in reasons.items():
        [line] = [line for line in out.splitlines() if f"第 {number} 行" in line]
        assert reason in line
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
