"""How a setting is declared: once, with the function that reads it, its default and its documentation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .values import Variables, read_whole_number


@dataclass(frozen=True)
class Setting:
    """One environment variable. The texts are cells of the table in docs/operations.md, in Markdown."""

    name: str
    default: str
    zh: str
    en: str
    read: Callable[..., Any] | None = None  # called with the variables, then with the values of `needs`
    needs: tuple[str, ...] = ()  # fields of Environment


def setting(
    name: str,
    read: Callable[..., Any],
    *,
    default: str,
    zh: str,
    en: str,
    needs: tuple[str, ...] = (),
    is_secret: bool = False,
) -> Any:
    """A dataclass field of Environment. The value of a secret one is left out of the repr()."""
    return field(
        repr=not is_secret, metadata={"setting": Setting(name, default, zh, en, read=read, needs=needs)}
    )


def whole_number(name: str, default: int, *, least: int, most: int, zh: str, en: str) -> Any:
    def read(env: Variables) -> int:
        return read_whole_number(env, name, default, least=least, most=most)

    return setting(name, read, default=f"`{default}`", zh=zh, en=en)
