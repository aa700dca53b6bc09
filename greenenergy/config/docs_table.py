"""The table of all settings in docs/operations.md, generated from their declarations.

`python -m greenenergy.config.docs_table` updates the page; a test compares the two.
"""

import re

from .operator_settings import SETTINGS
from .values import BASE_DIR

PAGE = BASE_DIR / "docs" / "operations.md"
HEAD = "| 名称 | 意思 | 默认 | In English |\n|---|---|---|---|\n"


def table() -> str:
    return HEAD + "".join(f"| `{one.name}` | {one.zh} | {one.default} | {one.en} |\n" for one in SETTINGS)


def updated(page: str) -> str:
    """The page's text with the current table."""
    return re.sub(re.escape(HEAD) + r"(\|.*\n)*", lambda _: table(), page)


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
