"""The live chat's rows: visitors, their conversations, the lines and files in them.

The lines of a conversation are numbered 1, 2, 3 … under the lock on its row. So a client that holds number N and
requests everything after N misses nothing. Primary keys would not do: PostgreSQL assigns them before the commit, and a
smaller one may appear after a larger.
"""

import hashlib
import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from greenenergy.media.private import PrivateStorage
from greenenergy.text.fields import CharField, TextField


def hash_token(token: str) -> str:
    """What the database stores of a visitor's token: a stolen copy of the database opens no conversation."""
    return hashlib.sha256(token.encode()).hexdigest()


class Visitor(models.Model):
    """A browser that has agreed to the privacy notice, recognised by the token in its cookie."""

    token_hash = CharField(max_length=64, unique=True, editable=False)
    name = CharField(_("称呼"), max_length=30, blank=True)
    user_agent = CharField(max_length=300, blank=True, editable=False)
    consent_version = models.PositiveIntegerField(_("同意的隐私提示版本"), editable=False)
    consent_at = models.DateTimeField(_("同意于"), default=timezone.now, editable=False)
    blocked_at = models.DateTimeField(_("拉黑于"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("访客")

    def __str__(self):
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or gettext("访客 %(number)04d") % {"number": self.pk % 10_000}


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> "ConversationQuerySet":
        return self.exclude(status=Conversation.Status.CLOSED)

    def newest_of(self, visitor: Visitor) -> "Conversation | None":
        """The visitor's newest conversation, closed or not."""
        return self.filter(visitor=visitor).order_by("-id").first()

    def mentioning(self, text: str) -> "ConversationQuerySet":
        """Conversations in which either side wrote this, or of a visitor of this name."""
        found = Message.objects.filter(text__icontains=text).values("conversation")
        return self.filter(Q(pk__in=found) | Q(visitor__name__icontains=text))


class Conversation(models.Model):
    """会话: from a visitor's first line until somebody closes it."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("排队中")
        ACTIVE = "active", _("接待中")
        CLOSED = "closed", _("已结束")

    visitor = models.ForeignKey(Visitor, models.CASCADE, related_name="conversations", verbose_name=_("访客"))
    status = CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.WAITING)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="conversations",
        verbose_name=_("客服"),
    )  # fmt: skip
    labels = models.ManyToManyField("Label", blank=True, related_name="conversations", verbose_name=_("标签"))

    last_sequence = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)  # incremented with every change
    changed_at = models.DateTimeField(default=timezone.now, db_index=True, editable=False)
    visitor_read = models.PositiveIntegerField(default=0, editable=False)  # numbers of lines
    staff_read = models.PositiveIntegerField(default=0, editable=False)
    # The start of the unsent text.
    visitor_typing = CharField(max_length=200, blank=True, editable=False)
    visitor_typing_at = models.DateTimeField(null=True, editable=False)
    staff_typing_at = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(_("开始于"), default=timezone.now, db_index=True)
    waiting_since = models.DateTimeField(_("等待自"), default=timezone.now)
    announcements = models.PositiveSmallIntegerField(
        default=0, editable=False
    )  # of this wait, to group chats
    answered_at = models.DateTimeField(_("首次回复于"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束于"), null=True, blank=True)

    page_url = CharField(_("正在看"), max_length=500, blank=True)
    page_title = CharField(_("页面标题"), max_length=200, blank=True)
    referrer = CharField(_("来自"), max_length=500, blank=True)
    pages = models.JSONField(_("之前看过"), default=list, blank=True)  # [{"url", "title"}], the oldest first
    rating = models.PositiveSmallIntegerField(_("评价"), null=True, blank=True)
    rating_comment = CharField(_("评语"), max_length=300, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("会话")
        ordering = ["-id"]
        permissions = [("answer_chats", "可以接待在线客服"), ("see_chat_reports", "可以看客服报表")]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="ratings_are_one_to_five"
            ),
        ]
        indexes = [models.Index(fields=["status", "waiting_since"], name="conversations_by_status")]

    def __str__(self):
        return gettext("会话 %(number)d") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        return self.status != self.Status.CLOSED


class MessageQuerySet(models.QuerySet["Message"]):
    def of_visitor(self, visitor: Visitor) -> "MessageQuerySet":
        return self.filter(conversation__visitor=visitor)

    def for_visitor(self) -> "MessageQuerySet":
        """All but internal notes."""
        return self.exclude(kind=Message.Kind.NOTE)

    def after(self, sequence: int) -> "MessageQuerySet":
        return self.filter(sequence__gt=sequence).order_by("sequence")

    def beyond(self, conversation: int, sequence: int) -> "MessageQuerySet":
        """A visitor's lines after this number of this conversation, with those of all later ones, in order."""
        later = Q(conversation__gt=conversation) | Q(conversation=conversation, sequence__gt=sequence)
        return self.filter(later).order_by("conversation_id", "sequence")

    def before(self, conversation: int, sequence: int, count: int) -> list["Message"]:
        """A visitor's last lines below this number of this conversation, with those of earlier ones; the oldest first."""
        earlier = Q(conversation__lt=conversation) | Q(conversation=conversation, sequence__lt=sequence)
        return list(reversed(self.filter(earlier).order_by("-conversation_id", "-sequence")[:count]))

    def newest(self, count: int, *, before: int | None = None) -> list["Message"]:
        """The last lines of one conversation, of those below `before` where it is given; the oldest first."""
        lines = self if before is None else self.filter(sequence__lt=before)
        return list(reversed(lines.order_by("-sequence")[:count]))

    def sent_as(self, client_id: uuid.UUID) -> "Message | None":
        """The line that was stored under this id before: a retry sends the same id."""
        return self.filter(client_id=client_id).first()


class Message(models.Model):
    """One line of a conversation."""

    class Kind(models.TextChoices):
        VISITOR = "visitor", _("访客")
        STAFF = "staff", _("客服")
        SYSTEM = "system", _("系统")
        NOTE = "note", _("内部备注")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    sequence = models.PositiveIntegerField()
    client_id = models.UUIDField(null=True)  # chosen by the sender's browser; a retry sends the same one
    kind = CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    author_name = CharField(max_length=60, blank=True)  # stays when the account is gone
    text = TextField(blank=True)
    file = models.OneToOneField("ChatFile", models.SET_NULL, null=True, related_name="message")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="one_line_per_number"),
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="a_retried_line_is_the_same_line"
            ),
        ]

    def __str__(self):
        return f"{self.conversation_id}/{self.sequence}"


def _file_name(chat_file, filename):
    return f"chat/{timezone.localdate():%Y/%m}/{chat_file.key}"


def _new_key():
    return secrets.token_urlsafe(18)


class ChatFile(models.Model):
    """A picture or PDF of a conversation. Its URL contains nothing but a random key."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="files")
    key = CharField(max_length=30, unique=True, default=_new_key, editable=False)
    file = models.FileField(storage=PrivateStorage(), upload_to=_file_name, max_length=200)
    name = CharField(max_length=120)
    content_type = CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)

    def __str__(self):
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("contact:chat_file", args=[self.key])


class Label(models.Model):
    """标签 of conversations, maintained by staff."""

    name = CharField(_("名称"), max_length=20, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("会话标签")
        ordering = ["name"]

    def __str__(self):
        return self.name
