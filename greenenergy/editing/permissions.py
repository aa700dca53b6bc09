"""Who may upload pictures."""

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from greenenergy.richtext.field import RichTextField


def may_upload_pictures(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Staff who may add or change any model that has a rich text."""
    if not (user.is_active and user.is_staff):
        return False
    models = (m for m in apps.get_models() if any(isinstance(f, RichTextField) for f in m._meta.fields))
    return any(
        user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}")
        for model in models
        for verb in ("add", "change")
    )
