"""Signals by which one app notifies all others without importing them."""

from django.dispatch import Signal

# Sent with `digits`, a phone number. A receiver deletes the rows that contain it, and returns {what: how many}.
personal_data_erased = Signal()
