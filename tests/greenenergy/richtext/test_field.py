"""The rich text field cleans whatever is stored, whichever way it is stored."""

import pytest
from django import forms
from django.db import transaction

from greenenergy.models import Section
from greenenergy.richtext.sanitizer import RichTextError
from news.models import Article
from tests.factories import make_article, make_page, make_section

from .clean_html import assert_clean

HOSTILE = "<p>好</p><script>alert(1)</script><img src=/media/a.png onerror=alert(1)>"


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["save", "create", "bulk_create", "update_fields", "bulk_update", "update"])
def test_the_field_cleans_whichever_way_text_comes_in(way):
    section = make_section()
    if way == "bulk_create":
        Article.objects.bulk_create([Article(title="一", section=section, body=HOSTILE)])
    elif way == "create":
        Article.objects.create(title="一", section=section, body=HOSTILE)
    elif way == "save":
        Article(title="一", section=section, body=HOSTILE).save()
    elif way == "update_fields":
        article = make_article("一")
        article.body = HOSTILE
        article.save(update_fields=["body"])
    elif way == "bulk_update":
        article = make_article("一")
        article.body = HOSTILE
        Article.objects.bulk_update([article], ["body"])
    else:
        make_article("一")
        Article.objects.update(body=HOSTILE)
    body = Article.objects.get().body
    assert_clean(body)
    assert "好" in body
    if "bulk_update" != way != "update":
        article = Article.objects.get()
        assert (article.body_text, article.body_excerpt, article.body_picture) == ("好", "好", "/media/a.png")


@pytest.mark.django_db
def test_a_company_page_is_cleaned_too():
    assert_clean(make_page(body=HOSTILE).body)


@pytest.mark.django_db
def test_text_over_the_limits_is_neither_stored_nor_truncated():
    article = make_article("一", body="<p>原文</p>")
    article.body = "<div>" * 1000
    with pytest.raises(RichTextError), transaction.atomic():
        article.save()
    assert Article.objects.get().body == "<p>原文</p>"


def test_a_form_outside_the_admin_has_a_plain_textarea():
    form = forms.modelform_factory(Section, fields=["body"])()
    assert type(form.fields["body"].widget) is forms.Textarea
