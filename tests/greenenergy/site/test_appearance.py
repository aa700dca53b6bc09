"""Rules of the pages' looks that no screenshot shows: old WebViews, no inline code, no other hosts."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PUBLIC_STYLES = [
    path
    for path in sorted((ROOT / "static/css").glob("*.css"))
    if not path.name.startswith("admin") and path.name != "site.css"
]
PUBLIC_TEMPLATES = [
    path
    for path in sorted((ROOT / "templates").rglob("*.html"))
    if not {"admin", "ckeditor"} & set(path.parts)
]
NEW_VALUES = re.compile(r"(var|calc|env|min|max|clamp)\(")
NEW_RULES = re.compile(r"@(layer|container|supports|property|import)|:(where|is|has)\(")


def blocks(css):
    """(selector, [(property, value)]) of the innermost blocks."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        declarations = [part.partition(":") for part in body.split(";") if ":" in part]
        yield selector.strip(), [(name.strip(), value.strip()) for name, _, value in declarations]


@pytest.mark.parametrize("path", PUBLIC_STYLES, ids=lambda path: path.name)
def test_what_an_old_webview_does_not_know_stands_behind_something_that_it_knows(path):
    css = path.read_text(encoding="utf-8")
    assert not NEW_RULES.search(css)
    for selector, declarations in blocks(css):
        plain = set()
        for name, value in declarations:
            if NEW_VALUES.search(value):
                assert plain & {name, name.partition("-")[0]}, f"{selector}: {name}: {value}"
            elif not name.startswith("--"):
                plain.add(name)


@pytest.mark.parametrize("path", PUBLIC_STYLES, ids=lambda path: path.name)
def test_layout_does_without_grid_and_gap(path):
    names = {name for _, declarations in blocks(path.read_text(encoding="utf-8")) for name, _ in declarations}
    assert not names & {"grid-template-columns", "gap", "inset", "aspect-ratio"}


@pytest.mark.parametrize("path", PUBLIC_TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_code_and_load_nothing_from_elsewhere(path):
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r"""(?:src|srcset|action)=["'](?:https?:)?//""", html)
    assert not re.search(r"""<link[^>]*href=["'](?:https?:)?//""", html)


@pytest.mark.parametrize("path", PUBLIC_STYLES, ids=lambda path: path.name)
def test_styles_load_nothing_from_elsewhere(path):
    assert "url(" not in path.read_text(encoding="utf-8")
