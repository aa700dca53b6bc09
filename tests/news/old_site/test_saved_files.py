"""manage.py import_articles: pictures, attachments and videos of a page, saved beside it or in a mirror of the site."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from news.models import Article, Attachment
from tests.news.old_site.commands import jpeg, picture_page, run
from tests.news.old_site.samples import DATA, PROSE

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 x"


# ---- pictures


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


def test_pictures_of_a_mirrored_site_are_found_from_the_folder_on_the_command_line(tmp_path):
    folder = shutil.copytree(DATA / "old_site" / "mirror", tmp_path / "mirror")
    out = run(folder)
    assert Article.objects.get().body.count("<img") == 5
    assert "没有找到" not in out
    assert "没有读取" not in out


@pytest.mark.parametrize(
    ("page", "picture", "source"),
    [
        ("www.demo.cn/news/1.html", "www.demo.cn/uploads/a.jpg", "/uploads/a.jpg"),
        ("www.demo.cn/news/1.html", "www.demo.cn/uploads/a.jpg", "../uploads/a.jpg"),
        ("www.demo.cn/news/1.html", "img.demo.cn/a.jpg", "http://img.demo.cn/a.jpg"),
        ("www.demo.cn/news/1.html", "www.demo.cn/uploads/a.jpg", "https://www.demo.cn/uploads/a.jpg"),
        ("news/2021/1.html", "uploads/图 1.jpg", "/uploads/%E5%9B%BE%201.jpg?v=2"),
        ("news/1.html", "uploads/a.jpg?v=2", "/uploads/a.jpg?v=2"),
        ("news/1.html", "uploads/a.jpg", "..\\uploads\\a.jpg"),
        ("1.html", "uploads/a.jpg", "../../uploads/a.jpg"),
    ],
)
def test_a_mirror_may_begin_in_any_folder_above_the_page(old, tmp_path, page, picture, source):
    old(picture, jpeg())
    old(page, picture_page(images=f'<img src="{source}">'))
    assert "没有找到" not in run(tmp_path / "old")
    assert "<img" in Article.objects.get().body


def test_a_picture_of_another_host_is_not_taken_from_the_mirror(old, tmp_path):
    old("uploads/a.jpg", jpeg())
    saved = "<!-- saved from url=(0030)http://www.demo.cn/news/1.html -->"
    old("1.html", saved + picture_page(images="<img src='http://other.example/uploads/a.jpg'>"))
    assert "1 张图片在别的网站" in run(tmp_path / "old")


def test_nothing_outside_the_folder_is_read(old, tmp_path):
    old("secret.jpg", jpeg())
    folder = old("site/news/1.html", picture_page(images="<img src='../../secret.jpg'>")).parents[1]
    assert "1 张图片没有找到" in run(folder)


# ---- attachments and videos


def files_page(links):
    return f"<h1>标题一则在此</h1><p>发布时间：2023-07-18</p><p>{PROSE}</p><p>{links}</p>"


def test_saved_attachments_come_along(old, tmp_path):
    old("site/up/plan.pdf", PDF)
    old("site/news/1.html", files_page("附件：<a href='/up/plan.pdf'>二〇二一年计划</a>"))
    out = run(tmp_path / "old" / "site")
    attachment = Attachment.objects.get()
    assert (attachment.article, attachment.name, attachment.size) == (
        Article.objects.get(),
        "二〇二一年计划",
        len(PDF),
    )
    assert "附件：二〇二一年计划" in attachment.article.body
    assert "没有读取" not in out


def test_attachments_that_cannot_be_imported_are_named(old):
    old("bad.pdf", b"no pdf")
    links = "<a href='gone.docx'>通知</a> <a href='bad.pdf'>名单</a> <a href='http://other.example/1.zip'>资料</a> <a href='d.asp?id=1'>表.xls</a>"
    out = run(old("1.html", files_page(links)))
    assert not Attachment.objects.exists()
    for note in (
        "附件“通知”没有找到",
        "附件“名单”没有导入：文件的内容和扩展名",
        "1 个附件在别的网站，留作链接",
        "附件“表.xls”没有找到",
    ):
        assert note in out
    assert '<a href="http://other.example/1.zip"' in Article.objects.get().body


def test_a_dry_run_stores_no_attachment_and_names_the_same_problems(old):
    old("good.pdf", PDF)
    out = run(
        old("1.html", files_page("<a href='good.pdf'>好</a><a href='gone.pdf'>没有的</a>")), dry_run=True
    )
    assert "附件“没有的”没有找到" in out
    assert not Path(default_storage.location, "attachments").exists()


def test_videos_become_links_or_are_named(old):
    out = run(
        old(
            "1.html",
            files_page("<iframe src='https://v.example.com/1'></iframe><video src='local.mp4'></video>"),
        )
    )
    assert re.search('<a href="https://v.example.com/1"[^>]*>观看视频</a>', Article.objects.get().body)
    assert "1 个视频留作链接" in out
    assert "视频“local.mp4”没有导入" in out
