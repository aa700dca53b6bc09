"""What editors do in the forms of the admin."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from greenenergy.models import Section, SiteSettings
from news.models import Article
from tests.factories import (
    make_article,
    make_channel,
    make_page,
    make_picture_file,
    make_section,
    make_settings,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/news/article/add/"


def form(**values):
    """The article form as a browser sends it, filled in as an editor would."""
    return {
        "title": "全国光伏装机创新高",
        "section": values.pop("section", None) or make_section().pk,
        "tag_line": "光伏，储能、风电",
        "body": "<h2>要点</h2><p>正文第一段。</p>",
        "status": "published",
        "published_at_0": "", "published_at_1": "", "expires_at_0": "", "expires_at_1": "",
        "pinned_until_0": "", "pinned_until_1": "", "recommended_until_0": "", "recommended_until_1": "",
        "headline_until_0": "", "headline_until_1": "", "initial_views": "0",
        "summary": "", "source": "", "source_url": "", "author": "", "editor": "",
        "seo_title": "", "seo_keywords": "", "seo_description": "",
        "attachments-TOTAL_FORMS": "0", "attachments-INITIAL_FORMS": "0",
        **values,
    }  # fmt: skip


def test_an_article_is_written_and_published(admin_client, client):
    response = admin_client.post(ADD, form(initial_views="428"))
    assert response.status_code == 302
    article = Article.objects.get()
    assert article.tag_names == ["储能", "光伏", "风电"] or set(article.tag_names) == {"光伏", "储能", "风电"}
    text = client.get(article.get_absolute_url()).text
    assert "全国光伏装机创新高" in text
    assert ">要点</h2>" in text
    assert "428" in text


def test_a_draft_may_be_unfinished_and_a_publication_may_not(admin_client):
    assert admin_client.post(ADD, form(status="draft", body="")).status_code == 302
    response = admin_client.post(ADD, form(body=""))
    assert response.status_code == 200
    assert "正文还是空的" in response.text


def test_a_time_typed_in_the_admin_is_beijing_time(admin_client):
    admin_client.post(ADD, form(published_at_0="2023-07-18", published_at_1="09:30:15"))
    assert Article.objects.get().published_at.isoformat() == "2023-07-18T01:30:15+00:00"


def test_a_refused_form_gives_back_all_that_was_typed(admin_client):
    long_tag = "很" * 40
    typed = form(
        tag_line=f"光伏，{long_tag}",
        summary="我写的摘要",
        author="张三",
        body="<p>写了很久的正文</p>",
        title="",
    )
    response = admin_client.post(ADD, typed)
    assert response.status_code == 200
    assert not Article.objects.exists()
    for text in ("写了很久的正文", "我写的摘要", "张三", long_tag):
        assert text in response.text
    assert "太长" in response.text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("body", "<div>" * 200, "嵌套太深"),
        ("body", "<p>" + "长" * 300_000 + "</p>", "正文太大"),
        ("source_url", "javascript:alert(1)", "有效的 URL"),
        ("initial_views", "-1", "大于或等于0"),
        ("initial_views", "99999999999999999999", ""),
        ("title", "长" * 201, "200"),
        ("section", "999999", "选择一个有效的选项"),
        ("published_at_0", "昨天", "日期"),
        ("tag_line", "，".join(f"标签{n}" for n in range(30)), "最多 20 个标签"),
    ],
)
def test_bad_input_gets_a_message_and_not_a_fault(admin_client, field, value, message):
    response = admin_client.post(ADD, form(**{field: value}))
    assert response.status_code == 200
    assert not Article.objects.exists()
    assert "errornote" in response.text
    assert message in response.text


def test_hostile_html_is_stored_clean(admin_client, client):
    hostile = '<p onclick="x()">好<script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:x">链</a></p>'
    admin_client.post(ADD, form(body=hostile))
    body = Article.objects.get().body
    assert "script" not in body
    assert "on" not in body.replace("noopener", "")
    assert "好" in body


def test_a_picture_that_is_none_is_refused_and_the_text_stays(admin_client):
    fake = SimpleUploadedFile("cover.png", b"GIF89a<script>alert(1)</script>", content_type="image/png")
    response = admin_client.post(ADD, form(cover=fake))
    assert response.status_code == 200
    assert "不是能用的图片" in response.text
    assert "正文第一段" in response.text


def test_a_cover_is_stored_under_a_random_name_and_with_its_size(admin_client):
    admin_client.post(ADD, form(cover=make_picture_file("我的 照片.jpg", size=(800, 500))))
    article = Article.objects.get()
    assert (article.cover_width, article.cover_height) == (800, 500)
    assert "照片" not in article.cover.name
    assert article.cover.name.endswith(".jpg")


def test_tags_are_changed_in_the_line(admin_client):
    article = make_article(tags=["光伏", "储能"])
    page = admin_client.get(f"/admin/news/article/{article.pk}/change/").text
    assert "光伏" in page
    assert "储能" in page
    admin_client.post(
        f"/admin/news/article/{article.pk}/change/", form(tag_line="储能；氢能", section=article.section_id)
    )
    assert set(Article.objects.get().tags.values_list("name", flat=True)) == {"储能", "氢能"}


def test_site_settings_are_one_form(admin_client):
    response = admin_client.get("/admin/greenenergy/sitesettings/", follow=True)
    assert response.redirect_chain[-1][0].endswith("/add/")
    make_settings()
    response = admin_client.get("/admin/greenenergy/sitesettings/", follow=True)
    assert response.redirect_chain[-1][0].endswith("/1/change/")
    assert admin_client.get("/admin/greenenergy/sitesettings/add/").status_code == 403
    assert SiteSettings.objects.count() == 1


def test_deleting_a_section_with_articles_is_refused_in_words(admin_client):
    article = make_article("要保住的文章")
    address = reverse("admin:greenenergy_section_delete", args=[article.section_id])
    assert "要保住的文章" in admin_client.get(address).text
    admin_client.post(address, {"post": "yes"})
    assert Section.objects.exists()
    assert Article.objects.exists()


def test_staff_without_the_permission_cannot_write(client):
    user = User.objects.create_user("helper", is_staff=True)
    client.force_login(user)
    assert client.get(ADD).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="add_article"))
    assert client.get(ADD).status_code == 200


def test_the_admin_is_in_chinese(admin_client):
    make_article()
    make_channel()
    pages = [
        "/admin/",
        "/admin/news/article/",
        ADD,
        "/admin/greenenergy/section/add/",
        "/admin/contact/channel/",
    ]
    for page in pages:
        text = admin_client.get(page, HTTP_ACCEPT_LANGUAGE="en").text
        assert 'lang="zh-hans"' in text.lower() or "zh-hans" in text
    assert all(
        word in admin_client.get("/admin/").text for word in ("站点设置", "栏目", "文章", "标签", "联系渠道")
    )
    assert "北京时间" in admin_client.get(ADD).text


def test_an_expired_form_says_that_nothing_is_lost(admin_user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    response = strict.post(ADD, form())
    assert response.status_code == 403
    assert "没有丢失" in response.text


@pytest.mark.parametrize("state", ["草稿", "定时", "已到期"])
def test_an_article_is_seen_before_visitors_see_it(admin_client, client, django_user_model, state):
    now = timezone.now()
    article = {
        "草稿": lambda: make_article(
            "等着的文章", published=False, body="<h2>小标题</h2><p>还没有公开。</p>"
        ),
        "定时": lambda: make_article("等着的文章", published_at=now + timedelta(days=1)),
        "已到期": lambda: make_article("等着的文章", expires_at=now - timedelta(days=1), days_old=2),
    }[state]()
    address = f"/admin/news/article/{article.pk}/preview/"
    assert (
        f'<a href="{address}" target="_blank">预览</a>'
        in admin_client.get(f"/admin/news/article/{article.pk}/change/").text
    )
    page = admin_client.get(address)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex"
    assert "等着的文章" in page.text
    assert f"“{state}”，访客还看不到" in page.text
    assert ("还没有公开。" if state == "草稿" else "全国光伏新增装机再创新高。") in page.text
    assert client.get(address)["Location"].startswith("/admin/login/")
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    assert client.get(address).status_code == 403
    assert client.get(article.get_absolute_url()).status_code in (404, 410)
    assert Article.objects.get(pk=article.pk).published_at == article.published_at
    assert admin_client.get("/admin/news/article/999999/preview/").status_code == 404


def test_the_second_of_two_editors_is_warned_of_the_first(admin_client, admin_user):
    """Neither text is lost: the second editor sees both and decides."""
    article = make_article("标题")
    address = f"/admin/news/article/{article.pk}/change/"
    opened = [admin_client.get(address).context["adminform"].form["opened"].value() for _ in range(2)]
    first = form(section=article.section_id, body="<p>第一位加的一段。</p>", opened=opened[0])
    second = form(
        section=article.section_id, body="<p>第二位的正文。</p>", summary="第二位的摘要", opened=opened[1]
    )
    assert '<input type="checkbox" name="overwrite"' not in admin_client.get(address).text
    assert admin_client.post(address, first).status_code == 302
    refused = admin_client.post(address, second)
    assert refused.status_code == 200
    assert f"{admin_user.username}在" in refused.text
    assert "保存过它" in refused.text
    assert f'<a href="{address}" target="_blank">' in refused.text
    assert "第二位的正文。" in refused.text
    assert "第二位的摘要" in refused.text
    assert '<input type="checkbox" name="overwrite"' in refused.text
    article.refresh_from_db()
    assert article.body == "<p>第一位加的一段。</p>"

    assert admin_client.post(address, {**second, "overwrite": "on"}).status_code == 302
    article.refresh_from_db()
    assert (article.body, article.summary) == ("<p>第二位的正文。</p>", "第二位的摘要")
    changed = LogEntry.objects.filter(object_id=str(article.pk)).order_by("-pk")[0].get_change_message()
    assert "正文" in changed
    assert "仍然保存" not in changed
    assert "pened" not in changed
    latest = admin_client.get(address).context["adminform"].form["opened"].value()
    assert admin_client.post(address, {**second, "opened": latest}).status_code == 302


def test_a_company_page_is_protected_from_conflicting_edits_too(admin_client):
    page = make_page("关于我们", body="<p>简介。</p>")
    address = f"/admin/greenenergy/section/{page.pk}/change/"
    shown = admin_client.get(address).context["adminform"].form
    values = {name: shown[name].value() for name in shown.fields}
    typed = {name: value for name, value in values.items() if value is not None and value is not False}
    assert admin_client.post(address, {**typed, "body": "<p>第一位。</p>"}).status_code == 302
    refused = admin_client.post(address, {**typed, "body": "<p>第二位。</p>"})
    assert refused.status_code == 200
    assert "保存过它" in refused.text
    page.refresh_from_db()
    assert page.body == "<p>第一位。</p>"
