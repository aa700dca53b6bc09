"""How one machine tells the others that what visitors see has changed: see content_version.py."""

from django.db import models


class ContentChange(models.Model):
    """Written in the transaction that changes something, so that it appears with it, whatever dies afterwards.

    A pending row is replaced by an announced one right after the commit.
    """

    machine = models.CharField(max_length=40)
    is_pending = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.machine} {self.created_at}"
