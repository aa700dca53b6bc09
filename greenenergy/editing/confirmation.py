"""A page between an action of the admin and its effect: how many rows it changes, and which."""

from collections.abc import Collection, Sequence

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.template.response import TemplateResponse

LISTED = 100


def ask_first(
    model_admin: ModelAdmin,
    request: HttpRequest,
    names: Collection[str],
    question: str,
    *,
    button: str,
    others: Sequence[str] = (),
    more_than: int = 1,
) -> TemplateResponse | None:
    """The page that asks, or None where the action may go on: it was confirmed, or changes `more_than` rows or fewer.

    `names` are those of the rows that change, `others` sentences about rows that do not. What was confirmed is a
    number: where it is another one by now, the page asks again.
    """
    count = len(names)
    if count <= more_than or request.POST.get("confirmed") == str(count):
        return None
    return confirmation(
        model_admin,
        request,
        names,
        question,
        button=button,
        others=others,
        sent=[
            *((key, request.POST.get(key, "")) for key in ("action", "select_across", "index")),
            *((ACTION_CHECKBOX_NAME, pk) for pk in _selected(request)),
        ],
    )


def confirmation(
    model_admin: ModelAdmin,
    request: HttpRequest,
    names: Collection[str],
    question: str,
    *,
    button: str,
    others: Sequence[str] = (),
    sent: Sequence[tuple[str, str]] = (),
) -> TemplateResponse:
    """The page itself; it posts `sent`, and `confirmed` with the number of rows, to its own URL."""
    return TemplateResponse(
        request,
        "admin/confirmation.html",
        {
            **model_admin.admin_site.each_context(request),
            "title": question,
            "opts": model_admin.model._meta,
            "names": list(names)[:LISTED],
            "more": max(0, len(names) - LISTED),
            "others": others[:LISTED],
            "more_others": max(0, len(others) - LISTED),
            "button": button,
            "sent": [*sent, ("confirmed", str(len(names)))],
        },
    )


def _selected(request):
    selected = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return selected[:1] if request.POST.get("select_across") == "1" else selected
