"""What a wrong setting is told as, and the values that many settings have: numbers, switches, hosts."""

import ipaddress
import re
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.I)


class SettingError(ValueError):
    """One setting is wrong. The text is the whole line an operator reads; it holds no secret."""

    def __init__(self, name: str, fault: str, remedy: str):
        super().__init__(f"{name}: {fault} {remedy}")


def whole_number(env, name: str, default: int, *, least: int, most: int) -> int:
    text = env.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise SettingError(
            name, f"'{short(text)}' does not fit.", f"Use a whole number from {least} to {most}."
        )
    return int(text)


def switch(env, name: str) -> bool:
    text = env.get(name, "").strip() or "0"
    if text not in ("0", "1"):
        raise SettingError(name, f"'{short(text)}' is not known.", "Use 1 for on, 0 for off.")
    return text == "1"


def is_host(text: str) -> bool:
    """Whether it is the name of a host, or its number."""
    return bool(_HOST.fullmatch(text)) or is_ip(text)


def is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def short(text: str) -> str:
    """What was typed, short enough for one line and without control characters."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
