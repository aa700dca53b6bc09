"""The admin of a model with a rich text: the editor, and a notice of pictures that readers would not see."""

import pytest
from django.contrib import admin
from django.db import models

from greenenergy.editing.admin import EditedAdmin
from greenenergy.editing.editor import RichTextWidget
from greenenergy.models import Section
from news.models import Article
from tests.factories import make_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Section, Article])
def test_a_rich_text_in_the_admin_has_the_editor(rf, admin_user, model):
    request = rf.get("/admin/")
    request.user = admin_user
    form = admin.site.get_model_admin(model).get_form(request)
    assert isinstance(form.base_fields["body"].widget, RichTextWidget)


def test_an_override_for_all_text_fields_does_not_take_the_editor_away(rf, admin_user):
    class PlainAdmin(EditedAdmin):
        formfield_overrides = {
            **EditedAdmin.formfield_overrides,
            models.TextField: {"widget": admin.widgets.AdminTextareaWidget},
        }

    request = rf.get("/admin/")
    request.user = admin_user
    form = PlainAdmin(Section, admin.site).get_form(request, fields=["body"])
    assert isinstance(form.base_fields["body"].widget, RichTextWidget)


def test_a_page_with_a_foreign_picture_is_stored_with_a_notice(admin_client):
    page = make_page(slug="about")
    url = f"/admin/greenenergy/section/{page.pk}/change/"
    data = {
        "name": page.name, "kind": "page", "slug": "about", "order": 0, "layout": "list",
        "opened": page.updated_at.isoformat(), "body": '<p><img src="https://elsewhere.example/a.jpg" alt="图"></p>',
    }  # fmt: skip
    response = admin_client.post(url, data, follow=True)
    assert response.redirect_chain
    assert "有 1 张外站图片" in response.text
    page.refresh_from_db()
    assert "<img" not in page.body


def test_what_is_lost_is_named_even_where_the_text_stays_the_same(admin_client):
    page = make_page(slug="about")
    data = {
        "name": page.name, "kind": "page", "slug": "about", "order": 0, "layout": "list",
        "opened": page.updated_at.isoformat(), "body": f'{page.body}<p><img src="data:image/png;base64,AAAA"></p>',
    }  # fmt: skip
    response = admin_client.post(f"/admin/greenenergy/section/{page.pk}/change/", data, follow=True)
    assert "有 1 张图片没有带过来" in response.text
