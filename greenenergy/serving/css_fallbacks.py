"""Plain fallbacks in front of declarations with `var()`, for old WebViews without custom properties.

`color: var(--ink);` becomes `color: #1f2723; color: var(--ink);`. A WebView without `var()` drops the
second declaration. Where the same block already has a plain value of the property, none is added: this is how
to write a fallback that differs from the token.
"""

import re

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Text up to a brace, a semicolon or the end of the file; those within comments, strings and url() do not count.
_PIECE = re.compile(
    r"""
    (?P<text>(?: /\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\([^"')]*\) | [^{};] )*+)
    (?P<end> [{};] | \Z )
    """,
    re.DOTALL | re.VERBOSE,
)
_DECLARATION = re.compile(
    r"(?P<before>(?:\s|/\*.*?\*/)*+)(?P<name>[\w-]+)(?:\s|/\*.*?\*/)*:(?P<value>.*)", re.DOTALL
)
_BALANCED = r"[^()]*+"
for _ in range(4):  # nested parentheses, five deep
    _BALANCED = rf"(?:[^()]|\({_BALANCED}\))*+"
_VAR = re.compile(rf"var\(\s*(?P<name>--[\w-]+)\s*(?:,(?P<own>{_BALANCED}))?\)")


class TokenError(ValueError):
    """A `var()` that has no plain value."""


def light_tokens(css: str) -> dict[str, str]:
    """The custom properties of `:root` outside every at-rule, as they are written: {"--ink": "#1f2723"}."""
    tokens: dict[str, str] = {}
    blocks: list[str] = []  # the blocks around this place, outermost first
    for piece in _PIECE.finditer(css):
        if piece["end"] == "{":
            blocks.append(_COMMENT.sub("", piece["text"]).strip())
            continue
        declaration = _DECLARATION.fullmatch(piece["text"])
        if declaration and declaration["name"].startswith("--") and blocks == [":root"]:
            tokens[declaration["name"]] = _COMMENT.sub("", declaration["value"]).strip()
        if piece["end"] == "}":
            del blocks[-1:]
    return tokens


def with_plain_values(css: str, tokens: dict[str, str]) -> str:
    """The style sheet with a plain declaration in front of each one that holds a `var()`.

    Custom properties get none: a browser without `var()` does not support them either. Raises TokenError.
    """
    plain: set[str] = set()  # properties that have a plain value in this block already

    def in_front(declaration: re.Match[str]) -> str:
        name, value = declaration["name"], _COMMENT.sub("", declaration["value"])
        if name.startswith("--") or name in plain:
            return ""
        if "var(" not in value:
            plain.add(name)
            return ""
        return f"{name}: {plain_value(value, tokens).strip()};"

    def rewrite(piece: re.Match[str]) -> str:
        declaration = _DECLARATION.fullmatch(piece["text"])
        added = in_front(declaration) if declaration else ""
        if piece["end"] != ";":
            plain.clear()
        if declaration is None or not added:
            return piece[0]
        before = declaration["before"]
        space = before[len(before.rstrip()) :]
        return f"{before}{added}{space}{piece[0][len(before) :]}"

    return _PIECE.sub(rewrite, css)


def plain_value(value: str, tokens: dict[str, str]) -> str:
    """The value with every `var()` replaced by its token, or without a token by its own fallback.

    Raises TokenError.
    """
    while match := _VAR.search(value):
        name = match["name"]
        if name in tokens:
            # Without the token itself: where tokens refer to each other in a circle, one is unknown in the end.
            plain = plain_value(tokens[name], {key: tokens[key] for key in tokens if key != name})
        elif match["own"] is not None:
            plain = match["own"].strip()
        else:
            raise TokenError(
                f"var({name}): no such token; a property that is set elsewhere needs a fallback: var({name}, 0)"
            )
        value = value[: match.start()] + plain + value[match.end() :]
    if "var(" in value:
        raise TokenError(f"{value.strip()}: a var() that cannot be read")
    return value
