"""How long personal data is retained, and what the daily purge deletes."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from contact import chat
from contact.models import ChatFile, ContactSettings, Conversation, Enquiry, Notification, Visitor
from greenenergy.media.private import PrivateStorage
from greenenergy.models import LimitReached, RateLimit

NOTIFICATION_DAYS = 30
ABANDONED_HOURS = 24  # an open conversation that has not changed for so long is closed
ORPHAN_AGE = timedelta(days=1)
BATCH_ROWS = 200


@dataclass
class Purged:
    """How many rows and files were deleted, or would be."""

    conversations: int = 0
    files: int = 0
    enquiries: int = 0
    visitors: int = 0
    notifications: int = 0
    limits: int = 0

    def counts(self) -> dict[str, int]:
        return asdict(self)


def purge_once_a_day() -> Purged | None:
    """Purge, unless a process has done so today; then None."""
    try:
        RateLimit.objects.spend("contact_purge", "", limit=1, seconds=24 * 3600 - 60)
    except LimitReached:
        return None
    return purge()


def purge(*, dry_run: bool = False) -> Purged:
    """Delete what is older than the settings allow; with `dry_run` only count."""
    rules, now, purged = ContactSettings.load(), timezone.now(), Purged()
    if not dry_run:
        close_abandoned()
    old = Conversation.objects.filter(closed_at__lt=now - timedelta(days=rules.conversation_days))
    enquiries = Enquiry.objects.filter(done_at__lt=now - timedelta(days=rules.enquiry_days))
    notifications = Notification.objects.filter(created_at__lt=now - timedelta(days=NOTIFICATION_DAYS))
    visitors = Visitor.objects.filter(
        conversations=None, blocked_at=None, consent_at__lt=now - timedelta(days=rules.conversation_days)
    )
    if dry_run:
        purged.conversations, purged.enquiries = old.count(), enquiries.count()
        purged.files = ChatFile.objects.filter(conversation__in=old).count()
        purged.visitors, purged.notifications = visitors.count(), notifications.count()
        return purged
    while pks := list(old.values_list("pk", flat=True)[:BATCH_ROWS]):
        purged.files += delete_files(delete_conversations(pks))
        purged.conversations += len(pks)
    purged.enquiries = enquiries.count()
    enquiries.delete()
    purged.visitors = visitors.count()
    visitors.delete()
    purged.notifications = notifications.delete()[0]
    purged.limits = RateLimit.objects.forget_expired()
    purged.files += _delete_orphans()
    return purged


def delete_conversations(pks: list[int]) -> list[ChatFile]:
    """With their lines. Returns the files, which delete_files() then removes from the storage."""
    with transaction.atomic():
        files = list(ChatFile.objects.filter(conversation__in=pks))
        Conversation.objects.filter(pk__in=pks).delete()
    return files


def delete_files(files: list[ChatFile]) -> int:
    """Returns their number. Raises StorageUnavailable; the files that it leaves are orphans, deleted a day later."""
    for stored in files:
        stored.file.delete(save=False)
    return len(files)


def close_abandoned() -> int:
    """Close conversations that nobody ended, so that their retention begins. Returns how many."""
    since = timezone.now() - timedelta(hours=ABANDONED_HOURS)
    closed = 0
    for pk in Conversation.objects.open().filter(changed_at__lt=since).values_list("pk", flat=True):
        closed += chat.close_abandoned(pk, since)
    return closed


def _delete_orphans() -> int:
    """Delete files without a row: the row was never committed, or was deleted first. Returns how many."""
    storage, deleted = PrivateStorage(), 0
    for folder, names in _folders(storage, "chat"):
        for begin in range(0, len(names), BATCH_ROWS):
            part = names[begin : begin + BATCH_ROWS]
            known = set(ChatFile.objects.filter(key__in=part).values_list("key", flat=True))
            for name in set(part) - known:
                path = f"{folder}/{name}"
                if timezone.now() - storage.get_modified_time(path) > ORPHAN_AGE:
                    storage.delete(path)
                    deleted += 1
    return deleted


def _folders(storage: Storage, folder: str) -> Iterator[tuple[str, list[str]]]:
    """(path, names of its files) of a folder and of all below it."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return  # no file has been sent yet
    yield folder, names
    for inner in folders:
        yield from _folders(storage, f"{folder}/{inner}")
