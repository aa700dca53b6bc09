"""Storing a sent message form: once, under a rate limit, with the consent that was given; then staff are notified."""

from django.conf import settings
from django.db import transaction

from contact.models import Conversation, Enquiry, PrivacyText
from contact.notifications import announce_enquiry
from greenenergy.models import RateLimit
from greenenergy.serving.client_address import network_of

from .forms import EnquiryForm


def submit(form: EnquiryForm, *, ip: str, conversation: Conversation | None = None) -> Enquiry:
    """Store a valid form. Sent again (a second tap, a retry) it is the same enquiry. Raises LimitReached."""
    client_id = form.cleaned_data.get("client_id")
    with transaction.atomic():
        known = Enquiry.objects.filter(client_id=client_id).first() if client_id else None
        if known and (known.text, known.phone) == (form.cleaned_data["text"], form.cleaned_data["phone"]):
            return known
        RateLimit.objects.spend(
            "enquiry", network_of(ip), limit=settings.ENVIRONMENT.enquiries_per_hour, seconds=3600
        )
        enquiry = form.save(commit=False)
        enquiry.client_id = None if known else client_id
        enquiry.conversation = conversation
        enquiry.consent_text, enquiry.consent_version = form.rules.shown_notice, form.rules.privacy_version
        if form.is_from_a_bot:
            enquiry.status = Enquiry.Status.SPAM
        enquiry.save()
        PrivacyText.objects.keep(form.rules)
        if not form.is_from_a_bot:
            announce_enquiry(enquiry)
        return enquiry
