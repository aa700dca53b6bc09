"""What one app tells all others without knowing them."""

from django.dispatch import Signal

# Sent with `digits`, a phone number: whoever may have written it down deletes it, and returns {what: how many}.
personal_data_erased = Signal()
