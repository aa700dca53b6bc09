"""The error for a wrong setting, and the kinds of values that many settings have: numbers, switches, hosts."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent

Variables = Mapping[str, str]

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.I)


class SettingError(ValueError):
    """One setting is wrong. The text is the whole line an operator reads; it holds no secret."""

    def __init__(self, name: str, fault: str, remedy: str):
        super().__init__(f"{name}: {fault} {remedy}")


def read_whole_number(env: Variables, name: str, default: int, *, least: int, most: int) -> int:
    text = env.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingError(
            name, f"'{short(text)}' does not fit.", f"Use a whole number from {least} to {most}."
        )
    return int(text)


def read_switch(env: Variables, name: str) -> bool:
    text = env.get(name, "").strip() or "0"
    if text not in ("0", "1"):
        raise SettingError(name, f"'{short(text)}' is not known.", "Use 1 for on, 0 for off.")
    return text == "1"


def is_host(text: str) -> bool:
    """Whether it is a host name or an IP address."""
    return bool(_HOST.fullmatch(text)) or is_ip(text)


def is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def short(text: str) -> str:
    """A wrong value, fit for an error line: at most 60 characters, no control characters."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
