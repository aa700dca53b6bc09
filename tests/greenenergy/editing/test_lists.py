"""Every list of the admin answers every URL and every selection."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from news.models import Article
from tests.factories import make_article, make_channel, make_conversation, make_settings

pytestmark = pytest.mark.django_db

LARGE = "9" * 30
MODELS = [model for model in apps.get_models() if admin.site.is_registered(model)]


@pytest.fixture(autouse=True)
def _some_rows():
    make_settings()
    make_article(tags=["光伏"])
    make_channel()
    make_conversation()


def strange_queries(model):
    yield from (
        f"p={LARGE}",
        f"o={LARGE}",
        f"id__exact={LARGE}",
        f"id__in=1,{LARGE}",
        f"id__gt=-{LARGE}",
        f"q={LARGE}",
    )
    links = [field for field in model._meta.fields if field.remote_field]
    days = [field for field in model._meta.fields if "Date" in field.get_internal_type()]
    yield from (f"{field.name}__exact={LARGE}" for field in links[:1])
    for field in days[:1]:
        yield from (f"{field.name}__gte=0001-01-01", f"{field.name}__exact=9999-12-31")
        yield from (f"{field.name}__year={year}" for year in (LARGE, "0", "10000", "-1"))


@pytest.mark.filterwarnings("ignore:DateTimeField")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_answers_any_number_and_any_day(admin_client, model):
    base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for query in strange_queries(model):
        assert admin_client.get(f"{base}?{query}").status_code in (200, 302), query
    for end in ("change", "delete", "history"):
        assert admin_client.get(f"{base}{LARGE}/{end}/").status_code in (302, 403, 404)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_list_searches_for_the_first_of_1500_words(admin_client, model):
    base = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    response = admin_client.get(base, {"q": " ".join(f"词{number}" for number in range(1500))}, follow=True)
    assert response.status_code == 200
    if admin.site.get_model_admin(model).search_fields:
        assert "只按前 20 个找" in response.text


@pytest.mark.parametrize(
    "data",
    [
        {"action": "delete_selected", "_selected_action": [LARGE]},
        {"action": "withdraw", "_selected_action": ["abc"]},
        {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": LARGE, "_save": "x"},
    ],
)
def test_a_selection_that_is_no_row_changes_nothing(admin_client, data):
    for url in ("/admin/news/article/", "/admin/greenenergy/section/"):
        assert "选中的内容不存在" in admin_client.post(url, data, follow=True).text
    assert Article.objects.published().count() == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [("0001-01-01", "9999-12-31"), ("9999-12-31", "9999-12-31"), ("0001-01-01", "0001-01-01")],
)
def test_the_report_of_all_time_is_one_since_2000(admin_client, first, last):
    response = admin_client.get("/admin/chat/reports/", {"from": first, "to": last})
    assert response.status_code == 200
    assert response.context["first"].year >= 2000
    assert response.context["first"] <= response.context["last"]
