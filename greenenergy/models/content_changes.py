"""How one machine notifies the others that what visitors see has changed: see content_version/changes.py."""

from django.db import models

from greenenergy.text.fields import CharField


class ContentChange(models.Model):
    """Written in the transaction that changes content: both are committed together, even if the process dies then.

    A pending row is replaced by one that is not pending right after the commit.
    """

    machine = CharField(max_length=40)
    is_pending = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return f"{self.machine} {self.created_at}"
