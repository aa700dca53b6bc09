"""Which files of packages are collected."""

import pytest
from django.contrib.staticfiles.finders import get_finders

from greenenergy.editing.editor import CONFIG
from greenenergy.serving.static_files import CollectedStaticFiles

PATTERNS = CollectedStaticFiles.ignore_patterns


@pytest.fixture(scope="module")
def collected():
    return {path for finder in get_finders() for path, _storage in finder.list(PATTERNS)}


def test_few_files_are_collected(collected):
    assert len(collected) < 400


def test_what_the_editor_loads_is_collected(collected):
    everything = {path for finder in get_finders() for path, _storage in finder.list(None)}
    ignored = {
        path.split("/")[3] for path in everything - collected if "/plugins/" in path and "/lang/" not in path
    }
    wanted = set(CONFIG["extraPlugins"].split(",")) | {
        "clipboard",
        "dialog",
        "find",
        "link",
        "pastefromword",
        "table",
    }
    assert not ignored & wanted
    assert "ckeditor/ckeditor/skins/moono-lisa/editor.css" in collected


@pytest.mark.parametrize("language", ["zh-cn", "en", "zh"])
def test_the_languages_of_the_admin_are_collected(collected, language):
    assert f"ckeditor/ckeditor/lang/{language}.js" in collected
    assert f"ckeditor/ckeditor/plugins/image2/lang/{language}.js" in collected


def test_other_languages_are_not(collected):
    assert not [path for path in collected if path.endswith(("/lang/de.js", "/i18n/de.js"))]
