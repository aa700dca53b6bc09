"""Rules of the pages' looks that no screenshot shows: old WebViews, no inline code, no other hosts."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin

from greenenergy.serving.css_fallbacks import light_tokens, plain_value, with_plain_values

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
TOKENS = light_tokens((ROOT / "static/css/tokens.css").read_text(encoding="utf-8"))
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
    css = with_plain_values(path.read_text(encoding="utf-8"), TOKENS)  # as it is collected
    assert not NEW_RULES.search(css)
    for selector, declarations in blocks(css):
        plain = set()
        for name, value in declarations:
            if NEW_VALUES.search(value):
                assert plain & {name, name.partition("-")[0]}, f"{selector}: {name}: {value}"
            elif not name.startswith("--"):
                plain.add(name)


@pytest.mark.parametrize("path", PUBLIC_STYLES, ids=lambda path: path.name)
def test_a_token_is_written_by_its_name_alone(path):
    for selector, declarations in blocks(path.read_text(encoding="utf-8")):
        for before, (name, value) in pairwise(declarations):
            if "var(" in value:
                assert before != (name, plain_value(value, TOKENS)), f"{selector}: {name}"


@pytest.mark.parametrize("name", ["editor.css", "error.css"])
def test_a_sheet_that_is_loaded_without_the_tokens_uses_none(name):
    assert "var(" not in (ROOT / "static/css" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["admin.css", "admin-desk.css"])
def test_the_admins_sheets_use_variables_that_there_are(name):
    css = (ROOT / "static/css" / name).read_text(encoding="utf-8")
    django = (Path(admin.__file__).parent / "static/admin/css/base.css").read_text(encoding="utf-8")
    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert used
    assert used <= set(re.findall(r"(--[\w-]+)\s*:", django + css))


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


@pytest.mark.parametrize("path", PUBLIC_TEMPLATES, ids=lambda path: path.name)
def test_an_old_webview_runs_no_script_at_all_or_the_page_s_modules(path):
    """One that knows no modules passes over them: no half of a page works by script there."""
    for script in re.findall(r"<script\b[^>]*\ssrc=[^>]*>", path.read_text(encoding="utf-8")):
        assert 'type="module"' in script
        assert "nomodule" not in script


@pytest.mark.parametrize("path", PUBLIC_STYLES, ids=lambda path: path.name)
def test_styles_load_nothing_from_elsewhere(path):
    assert "url(" not in path.read_text(encoding="utf-8")
