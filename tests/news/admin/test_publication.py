"""Publishing from the admin: what asks first, what is refused and why, and what a draft's date does not do."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from news.models import Article
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LIST = "/admin/news/article/"
NOW = timezone.now()


def act(client, action, articles, **values):
    data = {"action": action, "_selected_action": [article.pk for article in articles], **values}
    return client.post(LIST, data, follow=True)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"expires_at": NOW - timedelta(days=1)}, "到期时间（"),
        ({"expires_at": NOW - timedelta(days=1), "published_at": NOW - timedelta(days=2)}, "已经过了"),
        ({"body": ""}, "还没有正文"),
    ],
)
def test_one_draft_that_cannot_be_published_holds_up_no_other(admin_client, values, reason):
    good = make_article("好的", published=False)
    bad = make_article("不行的", published=False, **values)
    also = make_article("也好", published=False)
    page = act(admin_client, "publish", [good, bad, also])
    assert "要发布这 2 篇文章吗" in page.text
    assert "“不行的”没有发布：" in page.text
    assert reason in page.text
    assert not Article.objects.published().exists()
    done = act(admin_client, "publish", [good, bad, also], confirmed="2")
    assert set(Article.objects.published()) == {good, also}
    assert "发布了 2 篇文章" in done.text
    assert reason in done.text
    bad.refresh_from_db()
    assert bad.status == Article.Status.DRAFT


def test_withdrawing_many_asks_with_number_and_list(admin_client, monkeypatch):
    monkeypatch.setattr("greenenergy.editing.confirmation.LISTED", 8)
    articles = [make_article(f"文章{number}") for number in range(12)]
    page = act(admin_client, "withdraw", articles[:5], select_across="1", index="0")
    assert "要撤下这 12 篇文章吗" in page.text
    assert "文章11" in page.text
    assert "还有 4 项" in page.text
    assert Article.objects.published().count() == 12
    sent = dict(page.context["sent"])
    assert sent["select_across"] == "1"
    asked_again = act(admin_client, "withdraw", articles[:1], select_across="1", confirmed="5")
    assert "要撤下这 12 篇文章吗" in asked_again.text
    done = admin_client.post(LIST, sent, follow=True)
    assert "撤下了 12 篇文章" in done.text
    assert not Article.objects.published().exists()
    assert LogEntry.objects.filter(change_message="撤下").count() == 12


def test_one_article_is_withdrawn_at_once(admin_client):
    assert "撤下了 1 篇文章" in act(admin_client, "withdraw", [make_article()]).text


def test_a_fault_in_the_middle_leaves_nothing_half_done(admin_client, monkeypatch):
    dated = make_article(published=False, published_at=NOW - timedelta(days=1))
    articles = [dated, *(make_article(published=False) for _number in range(2))]

    def failing(articles, using):
        raise RuntimeError

    monkeypatch.setattr("news.search.index_articles", failing)  # of those that get their time now
    with pytest.raises(RuntimeError):
        act(admin_client, "publish", articles, confirmed="3")
    assert not Article.objects.published().exists()


def test_a_thousand_articles_are_changed_in_a_few_statements(admin_client, django_assert_max_num_queries):
    articles = [
        make_article(f"文章{number}", published_at=NOW - timedelta(days=number % 2 - 1))
        for number in range(30)
    ]
    for action in ("withdraw", "publish"):
        with django_assert_max_num_queries(25):
            admin_client.post(
                LIST, {"action": action, "_selected_action": [a.pk for a in articles], "confirmed": "30"}
            )
    assert LogEntry.objects.count() == 60
    assert Article.objects.published_at_any_time().count() == 30
    assert Article.objects.filter(was_public=True).count() == 15  # the others were only scheduled


def test_publishing_many_dates_and_indexes_them(admin_client, client):
    act(
        admin_client,
        "publish",
        [make_article(f"钙钛矿{n}", published=False) for n in range(3)],
        confirmed="3",
    )
    article = Article.objects.first()
    assert NOW - timedelta(minutes=5) < article.published_at <= timezone.now()
    assert article.get_absolute_url() in client.get("/search/?q=钙钛矿").text


def test_a_draft_with_a_future_date_is_warned_of_and_can_be_scheduled(admin_client, client):
    draft = make_article("计划", published=False, published_at=NOW + timedelta(days=3))
    change = f"{LIST}{draft.pk}/change/"
    form = {
        "title": "计划", "section": draft.section_id, "status": "draft", "body": draft.body, "initial_views": 0,
        "published_at_0": "2099-12-01", "published_at_1": "08:30", "opened": draft.updated_at.isoformat(),
        "attachments-TOTAL_FORMS": 0, "attachments-INITIAL_FORMS": 0,
    }  # fmt: skip
    page = admin_client.post(change, form, follow=True)
    assert "这篇文章是草稿，到了 2099-12-01 08:30 也不会自动出现" in page.text
    offer = f"{LIST}{draft.pk}/publish/"
    assert offer in page.text
    assert "要在 2099-12-01 08:30 定时发布吗" in admin_client.get(offer).text
    assert Article.objects.get().state == Article.State.DRAFT
    assert "会在 2099-12-01 08:30 自动发布" in admin_client.post(offer, follow=True).text
    assert Article.objects.get().state == Article.State.SCHEDULED
    assert client.get(offer).status_code == 302  # to the login
    scheduled = Article.objects.get()
    form |= {"status": "published", "opened": scheduled.updated_at.isoformat()}
    assert "会在 2099-12-01 08:30 自动出现" in admin_client.post(change, form, follow=True).text


def test_a_refused_offer_says_why(admin_client):
    draft = make_article(published=False, body="", published_at=NOW + timedelta(days=3))
    assert "还没有正文" in admin_client.post(f"{LIST}{draft.pk}/publish/", follow=True).text
    assert admin_client.post(f"{LIST}999/publish/").status_code == 404
