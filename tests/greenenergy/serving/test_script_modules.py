"""Script modules in one file: what collectstatic writes of static/js."""

import json
import os
import posixpath
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from greenenergy.serving.script_modules import join_modules

IMPORTED = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']""")

STATIC_IMPORT = re.compile(r"""\bfrom "([^"]+)";""")


def join(entry, **sources):
    """The joined entry, from sources by name: `a_b` stands for a/b.js."""
    files = {f"{name.replace('_', '/')}.js": text for name, text in sources.items()}
    return join_modules(f"{entry.replace('_', '/')}.js", files.__getitem__)


def test_a_module_stands_behind_what_it_imports_and_each_stands_once():
    text = join(
        "a_page",
        a_page='import { one } from "./parts/one.js";\nimport {\n  two,\n} from "./two.js";\nexport function page() {}\none(two);\n',
        a_parts_one='import { two } from "../two.js";\nexport const one = two;\n',
        a_two="export class two {}\n",
    )
    assert text == "class two {}\nconst one = two;\nexport function page() {}\none(two);\n"


def test_an_import_for_later_is_written_from_the_folder_of_the_page():
    text = join(
        "a_page",
        a_page='import { later } from "./parts/later.js";\nlater();\n',
        a_parts_later='export const later = () => import("../sound.js");\nimport("./own.js");\n',
    )
    assert 'later = () => import("./sound.js")' in text
    assert 'import("./parts/own.js")' in text


def test_comments_and_the_space_before_a_line_are_left_out():
    text = join(
        "page",
        page="/* Why,\n   in two lines. */\n\nfunction a() {\n  // How.\n"
        '  const url = "https://x/"; // 3 units\n  /** What. */\n  return url + "// no comment"; // "quoted"\n}\n',
    )
    assert text.strip() == (
        'function a() {\nconst url = "https://x/";\nreturn url + "// no comment"; // "quoted"\n}'
    )


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./two.js";',
        'import two from "./two.js";',
        'import "./two.js";',
        'import { two } from "elsewhere";',
        'export { two } from "./two.js";',
        "export default two;",
        "const two = `\n  // not a comment`;",
        "const { one: two } = window;",
        "export const { two = 2 } = window;",
        "let [one, [two]] = [1, [2]];",
        "let one, two;",
        "var two = 2;",
    ],
)
def test_what_cannot_be_joined_stops_the_collection(line):
    with pytest.raises(ValueError, match=r"page\.js cannot be joined"):
        join("page", page=f"{line}\n", two="export const two = 2;\n")


@pytest.mark.parametrize(
    "declaration",
    [
        "function show() {}",
        "function* show() {}",
        "class show {}",
        "let show;",
        "const show = 1;",
        "const { hide, show } = window;",
        "let [\n  show,\n] = [1];",
        "export const [show] = [1];",
    ],
)
def test_two_modules_of_a_page_declare_no_name_twice(declaration):
    with pytest.raises(ValueError, match=r"two\.js and page\.js both declare show"):
        join(
            "page",
            page='import { two } from "./two.js";\nasync function show() {}\n',
            two=f"export const two = 2;\n{declaration}\n",
        )


@pytest.fixture
def collected(tmp_path, settings):
    """Our scripts as they are collected, beside one of a package: the folder, and the manifest's names."""
    package = tmp_path / "package" / "ckeditor"
    package.mkdir(parents=True)
    (package / "editor.js").write_text('/* Minified. */ if (0) import("./not-there.js");\n')
    scripts = tmp_path / "ours"
    scripts.mkdir()
    (scripts / "js").symlink_to(Path(settings.BASE_DIR) / "static" / "js")
    settings.STATICFILES_DIRS = [scripts, package.parent]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "greenenergy.serving.static_storage.JoinedFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    manifest = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())
    return settings.STATIC_ROOT, manifest["paths"]


def test_every_import_leads_to_the_last_hashed_name_of_a_file(collected):
    folder, names = collected
    imports = [
        (name, path)
        for name in names.values()
        if name.startswith("js/")
        for path in IMPORTED.findall((folder / name).read_text())
    ]
    assert "chat/visitor" in str(imports)
    assert len(imports) >= 4
    for name, path in imports:
        assert path.startswith("."), name
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        assert target in names.values(), f"{name}: {path}"
        assert (folder / target).exists(), f"{name}: {path}"


def test_a_page_asks_for_one_script(collected):
    folder, names = collected
    for entry in ("js/site.js", "js/chat/visitor.js", "js/chat/desk.js", "js/admin/editor.js"):
        text = (folder / names[entry]).read_text()
        assert not re.search(r"^import\b(?!\()", text, re.MULTILINE), entry
        later = {re.sub(r"\.\w{12}\.", ".", path) for path in re.findall(r'import\("([^"]+)"\)', text)}
        if entry == "js/chat/visitor.js":  # what few visitors need
            assert later == {"./visitor/enquiry-form.js", "./sound.js", "./links.js"}
        else:
            assert not later or entry == "js/site.js", entry


def test_every_script_that_a_page_asks_for_parses(collected, tmp_path):
    """As a module: no name is declared twice in it, whatever joined it."""
    node = shutil.which("node")
    if not node:
        assert os.environ.get("CI") != "true", "node is missing"
        pytest.skip("no node on the PATH")
    folder, names = collected
    scripts = {name: hashed for name, hashed in names.items() if name.startswith("js/")}
    sources = Path(settings.BASE_DIR) / "static"
    for name in [*scripts]:  # a part is in whatever imports it
        for path in STATIC_IMPORT.findall((sources / name).read_text()):
            scripts.pop(posixpath.normpath(posixpath.join(posixpath.dirname(name), path)), None)
    assert {"js/site.js", "js/site/lightbox.js", "js/chat/visitor.js", "js/chat/desk.js"} <= {*scripts}
    faults = {}
    for name, hashed in scripts.items():
        module = tmp_path / "module.mjs"
        module.write_bytes((folder / hashed).read_bytes())
        done = subprocess.run([node, "--check", module], capture_output=True, text=True)
        if done.returncode:
            faults[name] = done.stderr
    assert faults == {}


def test_scripts_of_packages_stay_as_they_are(collected):
    folder, names = collected
    assert (folder / names["ckeditor/editor.js"]).read_text().endswith('import("./not-there.js");\n')


def test_the_sources_import_files_that_exist():
    """What DEBUG=1 serves."""
    scripts = Path(settings.BASE_DIR) / "static" / "js"
    found = 0
    for path in scripts.rglob("*.js"):
        for imported in IMPORTED.findall(path.read_text()):
            assert imported.startswith("."), f"{path.name}: {imported}"
            assert (path.parent / imported).exists(), f"{path.name}: {imported}"
            found += 1
    assert found > 50
