"""The rule of the house: news and contact stand side by side on greenenergy, and never import each other."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = {"greenenergy", "news", "contact"}
MAY_IMPORT = {"greenenergy": set(), "news": {"greenenergy"}, "contact": {"greenenergy"}}
COMPOSITION = {"settings.py", "urls.py", "asgi.py", "wsgi.py"}  # of greenenergy: they may name every app


def imported_modules(path, tree):
    """Top-level packages that a file imports, imports inside functions and relative ones included."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield package[: len(package) - node.level + 1][0]
            else:
                yield node.module.split(".")[0]


def test_imports_keep_the_rule():
    crossings = []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if app == "greenenergy" and path.parent.name == app and path.name in COMPOSITION:
                continue
            forbidden = (APPS | {"tests"}) - {app} - MAY_IMPORT[app]
            found = set(imported_modules(path, ast.parse(path.read_text()))) & forbidden
            crossings += [f"{path.relative_to(ROOT)} imports {name}" for name in sorted(found)]
    assert crossings == []


def test_the_rule_sees_every_kind_of_import():
    code = "import news.models\nfrom contact import models\ndef f():\n    from ..news import views\n"
    found = list(imported_modules(ROOT / "greenenergy" / "sub" / "x.py", ast.parse(code)))
    assert found == ["news", "contact", "greenenergy"]
