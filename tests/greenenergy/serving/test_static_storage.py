"""One style sheet for a page: what collectstatic writes."""

import os
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command


@pytest.fixture
def collect(tmp_path, settings):
    """collect(): run collectstatic over files of this test, and give the storage that it wrote to."""
    source = tmp_path / "source"
    (source / "css").mkdir(parents=True)
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "greenenergy.serving.static_storage.JoinedFilesStorage"},
    }

    def run():
        call_command("collectstatic", interactive=False, verbosity=0)
        [path] = (settings.STATIC_ROOT / "css").glob("site.????????????.css")
        assert path.with_name(path.name + ".gz").exists() or path.stat().st_size < 200
        return path.read_text()

    run.source = source / "css"
    return run


def test_imports_are_put_in_their_place_and_in_order(collect):
    (collect.source / "site.css").write_text('@import url("one.css");\n@import url("two.css");\n')
    (collect.source / "one.css").write_text("/* Why. */\na {\n  color: red;\n}\n\nb { top: 0; }\n")
    (collect.source / "two.css").write_text("a { color: blue; }\n")
    assert collect() == "a {\ncolor: red;\n}\nb { top: 0; }\na { color: blue; }\n"


def test_a_part_that_changed_makes_a_new_file(collect):
    (collect.source / "site.css").write_text('@import url("one.css");\n')
    (collect.source / "one.css").write_text("a { color: red; }\n")
    collect()
    (collect.source / "one.css").write_text("a { color: blue; }\n")
    for path in (settings.STATIC_ROOT / "css").glob("site.????????????.css*"):
        path.unlink()
    assert collect() == "a { color: blue; }\n"


def test_plain_values_stand_in_front_of_tokens(collect):
    (collect.source / "site.css").write_text('@import url("tokens.css");\n@import url("one.css");\n')
    (collect.source / "tokens.css").write_text(":root { --ink: #111; }\n.dark { --ink: #eee; }\n")
    (collect.source / "one.css").write_text("a {\n  color: var(--ink);\n}\n")
    alone = "a {\ncolor: #111;\ncolor: var(--ink);\n}\n"
    assert collect() == ":root { --ink: #111; }\n.dark { --ink: #eee; }\n" + alone
    assert (settings.STATIC_ROOT / "css/one.css").read_text() == alone  # as chat.css is requested


def test_a_token_that_changed_makes_new_plain_values(collect):
    (collect.source / "tokens.css").write_text(":root { --ink: #111; }")
    (collect.source / "site.css").write_text("a { color: var(--ink); }")
    collect()
    (collect.source / "tokens.css").write_text(":root { --ink: #222; }")
    for path in (settings.STATIC_ROOT / "css").glob("site.????????????.css*"):
        path.unlink()
    assert collect() == "a { color: #222; color: var(--ink); }"


def test_a_token_that_is_not_there_stops_the_collecting(collect):
    (collect.source / "tokens.css").write_text(":root { --ink: #111; }")
    (collect.source / "site.css").write_text('@import url("one.css");\n')
    (collect.source / "one.css").write_text("a { color: var(--inc); }")
    with pytest.raises(CommandError, match=r"^css/one\.css: var\(--inc\)"):
        collect()


def test_style_sheets_of_others_and_of_the_admin_stay_as_they_are(collect):
    theirs = "a { color: var(--theirs); }\n/* theirs */\n"
    (collect.source / "site.css").write_text("")
    (collect.source / "tokens.css").write_text(":root { --ink: #111; }")
    (collect.source / "admin-desk.css").write_text(theirs)
    (collect.source.parent / "ckeditor").mkdir()
    (collect.source.parent / "ckeditor/editor.css").write_text(theirs)
    collect()
    for name in ["css/admin-desk.css", "ckeditor/editor.css"]:
        assert (settings.STATIC_ROOT / name).read_text() == theirs


def test_the_pages_style_sheet_holds_every_part(collect):
    parts = settings.BASE_DIR / "static" / "css"
    for path in parts.glob("*.css"):
        (collect.source / path.name).write_text(path.read_text())
    text = collect()
    assert "@import" not in text
    assert "/*" not in text
    names = set(re.findall(r'"([\w-]+\.css)"', (parts / "site.css").read_text()))
    alone = {"site.css", "editor.css", "error.css", "chat.css"}
    assert names == {path.name for path in parts.glob("*.css") if not path.name.startswith("admin")} - alone


def test_a_proxy_may_read_every_collected_file(collect):
    (collect.source / "site.css").write_text("a { color: red; }\n" * 100)
    umask = os.umask(0o077)
    try:
        collect()
    finally:
        os.umask(umask)
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in settings.STATIC_ROOT.rglob("*.*")}
    assert any(name.endswith(".gz") for name in modes)
    assert {mode for name, mode in modes.items() if name != "staticfiles.json"} == {"0o644"}
