"""Joins a script module and all that it imports into one file, so that a page requests one file.

The sources are native modules and work without this, as `make run` with DEBUG=1 serves them. Only the syntax that our
scripts use is supported; anything else is refused. A dynamic import() stays: its module becomes another file.
"""

import posixpath
import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import \{[^}]*\} from "(?P<path>\.{1,2}/[\w./-]+\.js)";\n', re.MULTILINE)
_DYNAMIC_IMPORT = re.compile(r'\bimport\("(?P<path>\.{1,2}/[\w./-]+\.js)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const|let) )", re.MULTILINE)
_OTHER_LINK = re.compile(r"^(?:import|export)\b(?!\().*", re.MULTILINE)
_DECLARATION = re.compile(r"^(?:async )?(?:function\*?|class|const|let) ([\w$]+)", re.MULTILINE)
_DESTRUCTURING = re.compile(r"^(?:const|let) [{[]([\w$,\s]+)[]}] =", re.MULTILINE)
# Whose names those do not see: a pattern that renames or has defaults, several names in one statement, var.
_OTHER_DECLARATION = re.compile(
    r"^(?:var\b|(?:const|let)\b(?! (?:[\w$]+(?: =|;)|[{[][\w$,\s]+[]}] =))).*", re.MULTILINE
)

# Comments on lines of their own, and comments after code. The latter are not in a string: no quotation mark follows.
_COMMENT_LINES = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)\n", re.MULTILINE | re.DOTALL)
_COMMENT_BEHIND = re.compile(r"[ \t]+// [^'\"`\n]*$", re.MULTILINE)
_LEADING_SPACE = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


def join_modules(entry: str, read: Callable[[str], str]) -> str:
    """The script `entry` after all that it imports, each once and without comments; `read(name)` returns a source.

    Raises ValueError for an import or export that cannot be joined, where two modules declare one name, for a declaration
    whose names it cannot tell, and for a template literal of several lines, whose indentation and // would be taken for
    the code's.
    """
    bodies: dict[str, str] = {}
    declared: dict[str, str] = {}
    for name in _in_order(entry, read):
        body = _moved(_IMPORT.sub("", read(name)), name, entry)
        plain = _EXPORT.sub("", body)
        if any(line.count("`") % 2 for line in body.splitlines()):
            raise ValueError(f"{name} cannot be joined: it holds a template literal of several lines.")
        if unclear := _OTHER_LINK.search(plain) or _OTHER_DECLARATION.search(plain):
            raise ValueError(f"{name} cannot be joined: {unclear[0]}")
        for found in _declared_in(plain):
            if declared.setdefault(found, name) != name:
                raise ValueError(f"{entry}: {declared[found]} and {name} both declare {found}.")
        bodies[name] = body if name == entry else plain
    text = "".join(bodies.values())
    return _LEADING_SPACE.sub("", _COMMENT_BEHIND.sub("", _COMMENT_LINES.sub("", text)))


def _in_order(entry, read):
    """All modules that the entry needs, each after those that it imports: the order in which a browser runs them."""
    order: list[str] = []
    seen = set()

    def visit(name):
        seen.add(name)
        for path in _IMPORT.findall(read(name)):
            imported = _resolve(name, path)
            if imported not in seen:
                visit(imported)
        order.append(name)

    visit(entry)
    return order


def _declared_in(text):
    """The names that a module declares at its top level: where nothing is indented."""
    names = _DECLARATION.findall(text)
    return names + [
        name for several in _DESTRUCTURING.findall(text) for name in re.findall(r"[\w$]+", several)
    ]


def _resolve(name, path):
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _moved(body, name, entry):
    """The body of a module, the paths of its dynamic imports rewritten to be relative to the entry's folder."""

    def import_from_entry(found):
        path = posixpath.relpath(_resolve(name, found["path"]), posixpath.dirname(entry))
        return f'import("{path if path.startswith(".") else f"./{path}"}")'

    return _DYNAMIC_IMPORT.sub(import_from_entry, body)
