"""Publishing and withdrawing from the list of articles, and the offer to schedule a draft that has a date."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from greenenergy.editing.confirmation import ask_first, confirmation
from news import publishing
from news.models import Article

NAMED_REFUSALS = 20  # messages of one action; the rest is a number


class PublicationActions(admin.ModelAdmin):
    """Each action changes all of its rows or, where the database fails, none."""

    @admin.action(description=_("发布所选文章"), permissions=["change"])
    def publish(self, request, articles):
        ready, refused = _sorted_out(articles.drafts())
        question = ngettext("要发布这 %d 篇文章吗？", "要发布这 %d 篇文章吗？", len(ready)) % len(ready)
        page = ask_first(
            self, request, ready.values(), question, button=gettext("发布"), others=[*map(_refusal, refused)]
        )
        if page:
            return page
        with transaction.atomic():
            count = publishing.publish_all(list(ready))
            rows = Article.objects.published_at_any_time().filter(pk__in=ready)
            scheduled = rows.scheduled().count()
            LogEntry.objects.log_actions(request.user.pk, rows.only("title"), CHANGE, gettext("发布"))
        self._tell_refused(request, refused)
        self._tell_published(request, count - scheduled, scheduled)
        return None

    @admin.action(description=_("撤下所选文章（转为草稿）"), permissions=["change"])
    def withdraw(self, request, articles):
        titles = dict(articles.published_at_any_time().values_list("pk", "title"))
        question = ngettext(
            "要撤下这 %d 篇文章吗？读者会看到“已经下线”。",
            "要撤下这 %d 篇文章吗？读者会看到“已经下线”。",
            len(titles),
        )
        page = ask_first(self, request, titles.values(), question % len(titles), button=gettext("撤下"))
        if page:
            return page
        with transaction.atomic():
            publishing.withdraw_all(list(titles))
            rows = [Article(pk=pk, title=title) for pk, title in titles.items()]
            LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, gettext("撤下"))
        self.message_user(
            request, ngettext("撤下了 %d 篇文章。", "撤下了 %d 篇文章。", len(titles)) % len(titles)
        )
        return None

    def _tell_published(self, request, published, scheduled):
        text = ngettext("发布了 %d 篇文章。", "发布了 %d 篇文章。", published)
        self.message_user(request, text % published)
        if scheduled:
            text = ngettext(
                "%d 篇文章的发布时间还没有到，会按时发布。",
                "%d 篇文章的发布时间还没有到，会按时发布。",
                scheduled,
            )
            self.message_user(request, text % scheduled)

    def _tell_refused(self, request, refused):
        for refusal in refused[:NAMED_REFUSALS]:
            self.message_user(request, _refusal(refusal), messages.WARNING)
        more = len(refused) - NAMED_REFUSALS
        if more > 0:
            text = ngettext("还有 %d 篇文章没有发布。", "还有 %d 篇文章没有发布。", more)
            self.message_user(request, text % more, messages.WARNING)

    def publish_one(self, request, pk):
        """Asks, then publishes or schedules one draft: the link beside the warning of `warn_of_time()`."""
        article = Article.objects.filter(pk=pk).first()
        if article is None:
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        if request.method != "POST":
            when = article.published_at and article.published_at > timezone.now() and _moment(article)
            question = (
                gettext("要在 %(when)s 定时发布吗？") % {"when": when} if when else gettext("要发布吗？")
            )
            return confirmation(self, request, [article.title], question, button=gettext("发布"))
        try:
            publishing.publish(article)
        except publishing.CannotPublish as reason:
            self._tell_refused(request, [(article.title, str(reason))])
        else:
            self.log_change(request, article, gettext("发布"))
            text = (
                gettext("“%(title)s”会在 %(when)s 自动发布。")
                if not article.is_public
                else gettext("发布了“%(title)s”。")
            )
            self.message_user(request, text % {"title": article.title, "when": _moment(article)})
        return HttpResponseRedirect(reverse("admin:news_article_change", args=[pk]))

    def warn_of_time(self, request, article):
        """Tell the editor where what was saved will not be seen when they may think so."""
        now = timezone.now()
        if article.status == Article.Status.DRAFT and article.published_at and article.published_at > now:
            text = gettext("这篇文章是草稿，到了 %(when)s 也不会自动出现。") % {"when": _moment(article)}
            url = reverse("admin:news_article_publish", args=[article.pk])
            message = format_html('{} <a href="{}">{}</a>', text, url, gettext("改为定时发布"))
            self.message_user(request, message, messages.WARNING)
        if article.state == Article.State.SCHEDULED:
            self.message_user(
                request, gettext("会在 %(when)s 自动出现在网站上。") % {"when": _moment(article)}
            )
        if article.state == Article.State.EXPIRED:
            self.message_user(request, gettext("到期时间已经过了，读者看不到这篇文章。"), messages.WARNING)


def _sorted_out(drafts):
    """({pk: title} of those that can be published, [(title, reason)] of the others)."""
    ready, refused = {}, []
    for article in drafts.defer("body_text").iterator(chunk_size=200):
        try:
            publishing.check(article)
        except publishing.CannotPublish as reason:
            refused.append((article.title, str(reason)))
        else:
            ready[article.pk] = article.title
    return ready, refused


def _refusal(refused):
    title, reason = refused
    return gettext("“%(title)s”没有发布：%(reason)s") % {"title": title, "reason": reason}


def _moment(article):
    return date_format(timezone.localtime(article.published_at), "Y-m-d H:i")
