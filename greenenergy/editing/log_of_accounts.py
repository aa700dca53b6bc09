"""The log of what staff did outlives their accounts."""

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.utils.translation import gettext

KEEPER = "deleted-accounts"  # the user name that the log of deleted accounts has


def keep_log(instance, using, **kwargs) -> None:
    """Receiver of pre_delete of an account: what it did stays in the log, with its name in front of each entry."""
    entries = LogEntry.objects.using(using).filter(user_id=instance.pk)
    if not entries.exists():
        return
    keeper, _is_new = (
        get_user_model()
        .objects.using(using)
        .get_or_create(
            username=KEEPER,
            defaults={"first_name": gettext("已删除的账号"), "is_active": False, "password": "!"},
        )
    )
    if keeper.pk == instance.pk:
        return
    name = instance.get_full_name() or instance.get_username()
    for entry in entries.iterator(chunk_size=500):
        entry.user = keeper
        entry.change_message = gettext("%(who)s：%(what)s") % {
            "who": name,
            "what": entry.get_change_message() or entry,
        }
        entry.save(using=using, update_fields=["user", "change_message"])
