"""What an admin does with a new, empty site. Each app registers its steps; the first page of the admin shows them."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse


class FirstStep(NamedTuple):
    order: int
    text: str  # a lazy translation
    url_name: str  # of the admin's page for it
    permission: str  # without it, the step is not shown
    is_done: Callable[[], bool]


_steps: list[FirstStep] = []


def register_first_step(step: FirstStep) -> None:
    _steps.append(step)


def first_steps_of(user: Any) -> list[dict[str, Any]]:
    """The steps that this user may do, in order, each with `text`, `url` and `is_done`; empty once all are done."""
    own = sorted((step for step in _steps if user.has_perm(step.permission)), key=lambda step: step.order)
    shown = [{"text": step.text, "url": reverse(step.url_name), "is_done": step.is_done()} for step in own]
    return [] if all(step["is_done"] for step in shown) else shown
