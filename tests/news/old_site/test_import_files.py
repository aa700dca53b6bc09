"""manage.py import_articles: bad files, folders, and pictures saved beside a page."""

import json
import os

import pytest

from greenenergy.models import Section
from news.models import Article, Tag
from news.old_site import importing
from tests.news.old_site.commands import jpeg, picture_page, run, run_refused, text_page
from tests.news.old_site.samples import PROSE

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize(
    "suffix", [".shtml", ".aspx", ".asp", ".php", ".jsp", ".xhtml", ".HTM", "", ".php?id=12", ".1"]
)
def test_pages_of_any_program_are_read(old, suffix):
    page = f"<!DOCTYPE html><title>某篇文章的标题</title><h1>某篇文章的标题</h1><p>发布时间：2023-07-18</p><p>{PROSE}</p>"
    run(old(f"site/page{suffix}", page).parent)
    assert Article.objects.get().title == "某篇文章的标题"


def test_the_source_of_a_program_is_no_page(old):
    out = run_refused(
        old("a.php", f"<?php include 'head.php'; ?><html><h1>标题一则在此</h1><p>{PROSE}</p>"),
        old("b.asp", f'<%@ language="vbscript" %><html><h1>标题一则在此</h1><p>{PROSE}</p>'),
    )
    assert out.count("是网页程序的源码") == 2


def test_what_a_folder_holds_and_was_not_read_is_counted_by_type(old):
    names = [
        "a.docx",
        "b.DOCX",
        "c.zip",
        "d.md",
        "e.sql",
        "page_files/f.css",
        ".DS_Store",
        "notes",
        "up/g.xls",
        "robots.txt",
    ]
    for name in names:
        folder = old(f"site/{name}", "x").parents[name.count("/")]
    old("site/page_files/roof.jpg", jpeg())
    old("site/page.html", picture_page(images="<img src='page_files/roof.jpg'>"))
    line = next(line for line in run(folder).splitlines() if "没有读取的文件" in line)
    assert ".docx 2 个" in line
    for kind in (
        ".zip 1 个",
        ".md 1 个",
        ".sql 1 个",
        ".css 1 个",
        ".xls 1 个",
        ".txt 1 个",
        "没有扩展名 1 个",
    ):
        assert kind in line
    assert ".jpg" not in line


def test_a_folder_of_which_nothing_was_read_is_a_failure(old):
    out = run_refused(old("site/a.docx", "x").parent)
    assert "没有读到任何文章" in out
    assert ".docx 1 个" in out


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.docx", "另存为网页"),
        ("a.mht", "另存为网页"),
        ("a.xlsx", "CSV"),
        ("a.sql", "CSV"),
        ("a.zip", "解压"),
    ],
)
def test_a_file_of_another_type_is_refused_with_the_remedy(old, name, remedy):
    assert remedy in run_refused(old(name, "x"))
