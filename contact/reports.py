"""Figures of a span of days for the report page: conversations, clicks and enquiries."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Min, Sum
from django.utils import timezone

from .models import Agent, Channel, ChannelClicks, ContactSettings, Conversation, Enquiry, Message


@dataclass
class Figures:
    """Figures of some conversations; waits are seconds from the visitor's first line to the first answer."""

    name: str = ""
    chats: int = 0
    answered: int = 0
    missed: int = 0  # closed without an answer, or unanswered for longer than the settings allow
    waits: list[float] = field(default_factory=list)
    ratings: list[int] = field(default_factory=list)

    def add(
        self, created_at: datetime | None, answered_at: datetime | None, is_missed: bool, rating: int | None
    ) -> None:
        """`created_at` is None where the first answer was a colleague's: then it says nothing of the wait for this one."""
        self.chats += 1
        self.missed += is_missed
        if answered_at:
            self.answered += 1
        if answered_at and created_at:
            self.waits.append((answered_at - created_at).total_seconds())
        if rating:
            self.ratings.append(rating)

    @property
    def median_seconds(self) -> int | None:
        return round(median(self.waits)) if self.waits else None

    @property
    def longest_seconds(self) -> int | None:
        return round(max(self.waits)) if self.waits else None

    @property
    def rating(self) -> float | None:
        return round(sum(self.ratings) / len(self.ratings), 1) if self.ratings else None


def chats(first: date, last: date) -> tuple[Figures, list[Figures]]:
    """(total, one for each agent) of the conversations that began on these days.

    A conversation counts for everybody who answered in it and for its agent, whoever left it since. The wait is the first
    answerer's, the stars are the last one's.
    """
    begin = timezone.make_aware(datetime.combine(first, time.min))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    patience = timedelta(seconds=ContactSettings.load().answer_seconds)
    names = {agent.user_id: agent.staff_name for agent in Agent.objects.select_related("user")}
    whole, by_agent, now = Figures(), {}, timezone.now()
    spoke = _who_answered(begin, end)
    rows = Conversation.objects.filter(created_at__gte=begin, created_at__lt=end).values_list(
        "pk", "created_at", "answered_at", "closed_at", "rating", "agent"
    )
    for pk, created_at, answered_at, closed_at, rating, agent in rows.iterator():
        is_missed = answered_at is None and (closed_at is not None or now - created_at > patience)
        whole.add(created_at, answered_at, is_missed, rating)
        answerers = spoke.get(pk, [])
        for one in dict.fromkeys([*answerers, *([agent] if agent else [])]):
            is_first, is_last = [one] == answerers[:1], one == (agent or answerers[-1])
            by_agent.setdefault(one, Figures(names.get(one, "—"))).add(
                created_at if is_first else None, answered_at, is_missed, rating if is_last else None
            )
    return whole, sorted(by_agent.values(), key=lambda figures: -figures.chats)


def _who_answered(begin: datetime, end: datetime) -> dict[int, list[int]]:
    """By conversation, who wrote answers in it, in the order of their first ones."""
    lines = Message.objects.filter(
        kind=Message.Kind.STAFF, author__isnull=False,
        conversation__created_at__gte=begin, conversation__created_at__lt=end,
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    pairs = lines.order_by().values("conversation_id", "author_id").annotate(first=Min("sequence"))
    for row in pairs.order_by("first"):
        found.setdefault(row["conversation_id"], []).append(row["author_id"])
    return found


def clicks(first: date, last: date) -> list[tuple[str, int]]:
    """(channel, clicks), the most used first; unused channels at the end."""
    counts = dict(
        ChannelClicks.objects.filter(day__range=(first, last))
        .values_list("channel")
        .annotate(sum=Sum("clicks"))
    )
    rows = [(str(channel), counts.get(channel.pk, 0)) for channel in Channel.objects.all()]
    return sorted(rows, key=lambda row: -row[1])


def enquiries(first: date, last: date) -> dict[str, int]:
    """Message forms received: all but spam, and those not answered yet."""
    rows = Enquiry.objects.exclude(status=Enquiry.Status.SPAM).filter(created_at__date__range=(first, last))
    return {"all": rows.count(), "open": rows.unanswered().count()}
