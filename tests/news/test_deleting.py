"""What is deleted is gone: its files, its pages with whatever led to them; the log of who did it stays."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client

from contact.models import Channel
from greenenergy.media.renditions import renditions_of
from greenenergy.models import MissingPage, Redirect, missing_pages
from news.models import Article, Attachment, Tag
from tests.factories import make_article, make_channel, make_page, make_picture_file, make_section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_records():
    missing_pages.writes.reset()


def status(client, url):
    return client.get(url).status_code


def test_a_deleted_article_takes_its_files_along(admin_client, client, django_capture_on_commit_callbacks):
    article = make_article(cover=make_picture_file(size=(900, 600)))
    attachment = article.attachments.create(file=ContentFile(b"%PDF-1.7", name="a.pdf"))
    cover = [article.cover.name, *renditions_of(article.cover.name)]
    assert len(cover) > 2
    urls = [*(f"/media/{name}" for name in cover), attachment.file.url, attachment.get_absolute_url()]
    assert [status(client, url) for url in urls] == [200] * len(urls)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"/admin/news/article/{article.pk}/delete/", {"post": "yes"})
    assert not Article.objects.exists()
    assert {status(client, url) for url in urls} == {404, 410}
    assert status(client, attachment.get_absolute_url()) == 410
    assert status(client, article.get_absolute_url()) == 410


def test_a_file_that_another_row_shows_stays(client, django_capture_on_commit_callbacks):
    article = make_article(cover=make_picture_file())
    make_article("抄的", cover=article.cover.name)
    with django_capture_on_commit_callbacks(execute=True):
        article.delete()
    assert status(client, f"/media/{article.cover.name}") == 200


def test_a_deletion_that_is_rolled_back_leaves_the_files(client):
    article = make_article(cover=make_picture_file())
    article.delete()  # never committed
    assert status(client, f"/media/{article.cover.name}") == 200


def test_a_deleted_attachment_and_channel_lose_their_files(client, django_capture_on_commit_callbacks):
    article = make_article()
    attachment = article.attachments.create(file=ContentFile(b"%PDF-1.7", name="a.pdf"))
    channel = make_channel("wechat")
    urls = [attachment.file.url, channel.qr_code.url]
    with django_capture_on_commit_callbacks(execute=True):
        Attachment.objects.all().delete()
        Channel.objects.all().delete()
    assert [status(client, url) for url in urls] == [404, 404]


def test_a_storage_that_fails_does_not_stop_a_deletion(monkeypatch, django_capture_on_commit_callbacks):
    article = make_article(cover=make_picture_file())

    def failing(storage, name):
        raise OSError

    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.delete", failing)
    with django_capture_on_commit_callbacks(execute=True):
        article.delete()
    assert not Article.objects.exists()


def test_a_deleted_page_and_section_are_gone_for_good(client):
    page = make_page(slug="关于")
    page.slug = "about"
    page.save()
    section = make_section("行业", slug="industry")
    page.delete()
    section.delete()
    for url in ("/about/", "/关于/", "/news/industry/", "/news/industry/feed/"):
        assert status(client, url) == 410
    assert not MissingPage.objects.exists()
    make_page(slug="about")
    assert status(client, "/about/") == 200


def test_a_deleted_tag_is_gone_and_so_are_its_former_names(client):
    make_article(tags=["光伏"])
    tag = Tag.objects.get()
    tag.name = "光伏发电"
    tag.save()
    tag.delete()
    assert status(client, "/news/tags/光伏发电/") == status(client, "/news/tags/光伏/") == 410
    make_article(tags=["光伏发电"])
    assert status(client, "/news/tags/光伏发电/") == 200


def test_the_log_outlives_the_account(admin_client):
    article = make_article()
    user = get_user_model().objects.create_user("xiaowang", first_name="王", is_staff=True)
    LogEntry.objects.create(
        user=user,
        content_type_id=1,
        object_id=article.pk,
        object_repr="标题",
        action_flag=CHANGE,
        change_message="撤下",
    )
    text = admin_client.get(f"/admin/auth/user/{user.pk}/delete/").text
    shown = text.partition('id="content"')[2].lower()
    assert "log entr" not in shown
    assert "日志" not in shown
    admin_client.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"})
    assert not get_user_model().objects.filter(username="xiaowang").exists()
    entry = LogEntry.objects.get(object_id=article.pk)
    assert entry.get_change_message() == "王：撤下"
    assert not entry.user.is_active
    assert not entry.user.has_usable_password()
    keeper = f"/admin/auth/user/{entry.user_id}/delete/"
    assert admin_client.post(keeper, {"post": "yes"}).status_code == 403
    selected = {"action": "delete_selected", "_selected_action": [entry.user_id], "post": "yes"}
    admin_client.post("/admin/auth/user/", selected)
    assert LogEntry.objects.filter(object_id=article.pk).exists()
    get_user_model().objects.create_user("xiaoli").delete()  # without a log
    assert get_user_model().objects.filter(username="deleted-accounts").count() == 1


@pytest.mark.parametrize("hidden", [{"published": False}, {"days_old": -3}])
def test_an_article_that_is_not_public_yet_is_no_wrong_url(client, hidden):
    article = make_article(**hidden)
    attachment = article.attachments.create(file=ContentFile(b"%PDF-1.7", name="a.pdf"))
    for url in (article.get_absolute_url(), article.qr_code_url, attachment.get_absolute_url()):
        assert status(client, url) == 404
    assert not MissingPage.objects.exists()
    client.get("/news/999999/")
    assert MissingPage.objects.get().path == "/news/999999"


def test_the_preview_of_a_draft_shows_its_files_to_staff(client):
    draft = make_article(published=False)
    attachment = draft.attachments.create(file=ContentFile(b"%PDF-1.7", name="a.pdf"))
    urls = [draft.qr_code_url, attachment.get_absolute_url()]
    for codename, found in (("view_article", 200), ("change_article", 200), ("view_tag", 404)):
        user = get_user_model().objects.create_user(codename, is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename=codename))
        browser = Client()
        browser.force_login(user)
        answers = [browser.get(url) for url in urls]
        assert [answer.status_code for answer in answers] == [found, found]
        assert found == 404 or [answer["Cache-Control"] for answer in answers] == ["no-store", "no-store"]
    assert [status(client, url) for url in urls] == [404, 404]
    attachment.refresh_from_db()
    assert attachment.downloads == 0


def test_a_new_section_is_last_and_not_in_the_navigation_by_itself(admin_client, client):
    make_section("旧的", slug="old", order=30)
    form = admin_client.get("/admin/greenenergy/section/add/").context["adminform"].form
    assert form.get_initial_for_field(form.fields["in_navigation"], "in_navigation") is False
    assert form.get_initial_for_field(form.fields["order"], "order") == 40
    data = {"name": "新的", "kind": "list", "slug": "new", "order": 40, "layout": "list"}
    assert admin_client.post("/admin/greenenergy/section/add/", data).status_code == 302
    text = client.get("/").text
    assert 'href="/news/old/"' in text
    assert 'href="/news/new/"' not in text.partition("</header>")[0]
    assert not Redirect.objects.exists()
