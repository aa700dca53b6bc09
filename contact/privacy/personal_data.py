"""What the site stores of one person, found by their phone number: exported, or erased."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import Q

from contact.chat.payloads import line
from contact.enquiries.phone_numbers import clean_phones
from contact.models import ChatFile, Conversation, Enquiry, Notification, PrivacyText, Visitor
from contact.models.enquiries import plain_phone
from greenenergy.signals import personal_data_erased

from .retention import delete_conversations, delete_files


@dataclass
class Findings:
    """Primary keys of the rows that belong to a phone number."""

    enquiries: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)
    notifications: set[int] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        return {name: len(pks) for name, pks in vars(self).items()}


def digits_of(phone: str) -> str:
    """Without +86. Raises ValueError for what is no phone number."""
    main = re.split("转|分机", phone)[0]
    digits = re.sub(r"^(\+86|0086)", "", plain_phone(main)).lstrip("+")
    if len(digits) < 7:
        raise ValueError("a phone number has seven digits or more")
    return digits


def numbers_of(phone: str) -> list[str]:
    """The digits of each number in the text, as enquiries store them. Raises ValueError for what is no phone number."""
    try:
        stored = clean_phones(phone).split("、")
    except ValidationError:
        stored = [phone]
    return [digits_of(number) for number in stored]


def _spelled(digits):
    """A pattern for the number with blanks, dashes and full-width digits."""
    return r"[-\s－]*".join(f"[{digit}{chr(0xFF10 + int(digit))}]" for digit in digits)


def find(phone: str) -> Findings:
    """Enquiries with this number, and all conversations of each visitor who wrote it in one of them.

    The number is found however it was typed: with blanks, dashes, full-width digits or +86. Raises ValueError.
    """
    numbers = numbers_of(phone)
    spelled = "|".join(map(_spelled, numbers))
    # A field may hold several numbers, and an extension behind each: see contact/enquiries/phone_numbers.py.
    enquiries = Enquiry.objects.filter(
        Q(phone__regex=f"({'|'.join(numbers)})(转|、|$)") | Q(text__regex=spelled)
    )
    visitors = Conversation.objects.filter(
        Q(messages__text__regex=spelled)
        | Q(enquiries__in=enquiries)
        | Q(visitor__name__regex=spelled)
        | Q(visitor_typing__regex=spelled)
        | Q(rating_comment__regex=spelled)
    ).values("visitor")
    conversations = Conversation.objects.filter(visitor__in=visitors)
    linked = Enquiry.objects.filter(Q(pk__in=enquiries) | Q(conversation__in=conversations))
    return Findings(
        set(linked.values_list("pk", flat=True)),
        set(conversations.values_list("pk", flat=True)),
        set(Notification.objects.filter(text__regex=spelled).values_list("pk", flat=True)),
    )


_ENQUIRY_FIELDS = (
    "receipt name phone wechat company topic text page_url page_title consent_text consent_version "
    "created_at status done_at"
).split()


def export(findings: Findings) -> dict:
    """Everything but the files, as plain values."""
    enquiries = Enquiry.objects.filter(pk__in=findings.enquiries).prefetch_related("notes")
    conversations = Conversation.objects.filter(pk__in=findings.conversations).select_related("visitor")
    notices = dict(PrivacyText.objects.values_list("version", "notice"))
    return {
        "enquiries": [
            {
                **{name: getattr(enquiry, name) for name in _ENQUIRY_FIELDS},
                "notes": [
                    {"author": note.author_name, "at": note.created_at, "text": note.text}
                    for note in enquiry.notes.all()
                ],
            }
            for enquiry in enquiries
        ],
        "conversations": [
            {
                "number": conversation.pk,
                "began_at": conversation.created_at,
                "closed_at": conversation.closed_at,
                "visitor": conversation.visitor.name,
                "browser": conversation.visitor.user_agent,
                "consent_version": conversation.visitor.consent_version,
                "consent_text": notices.get(conversation.visitor.consent_version, ""),
                "consent_at": conversation.visitor.consent_at,
                "page": conversation.page_url,
                "referrer": conversation.referrer,
                "pages": conversation.pages,
                "rating": conversation.rating,
                "rating_comment": conversation.rating_comment,
                "lines": [
                    line(message)
                    for message in conversation.messages.select_related("file").order_by("sequence")
                ],
            }
            for conversation in conversations
        ],
    }


def files(findings: Findings) -> list[tuple[str, File]]:
    """(name in the archive, file) of every file that was sent and still exists."""
    stored = ChatFile.objects.filter(conversation__in=findings.conversations)
    return [
        (f"files/{row.pk}-{row.name}", row.file) for row in stored if row.file.storage.exists(row.file.name)
    ]


def erase(findings: Findings) -> dict[str, int]:
    """Delete all of it, with files and visitors. Returns the counts.

    Raises StorageUnavailable where files are left; the rows are deleted by then.
    """
    counts = findings.counts()
    visitors = set(
        Conversation.objects.filter(pk__in=findings.conversations).values_list("visitor_id", flat=True)
    )
    Enquiry.objects.filter(pk__in=findings.enquiries).delete()
    files = delete_conversations(list(findings.conversations))
    counts["visitors"] = Visitor.objects.filter(pk__in=visitors).delete()[1].get("contact.Visitor", 0)
    Notification.objects.filter(pk__in=findings.notifications).delete()
    counts["files"] = delete_files(files)
    return counts


def erase_elsewhere(phone: str) -> dict[str, int]:
    """Delete what other apps store of the number: each receiver of the signal returns its counts. Raises ValueError."""
    counts: dict[str, int] = {}
    for digits in numbers_of(phone):
        for _receiver, found in personal_data_erased.send(None, digits=digits):
            for name, count in found.items():
                counts[name] = counts.get(name, 0) + count
    return counts
