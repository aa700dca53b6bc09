"""The documentation points at what is there, and names every setting."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest

from greenenergy.config import docs_table

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/*.md"))]
LINK = re.compile(r'\]\(([^)\s]+)\)|<img src="([^"]+)"')
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def each_of(pages):
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.name)


@each_of(PAGES)
def test_links_and_pictures_lead_to_what_exists(page):
    assert [link for link in local_links(page) if not leads_somewhere(page, link)] == []


@each_of(PAGES)
def test_paths_that_a_page_names_exist(page):
    folders = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and path.name.isalpha())
    paths = re.findall(rf"`((?:{folders})/[\w./-]*)`", page.read_text())
    built = {"var/", "staticfiles/"}
    assert [path for path in paths if path not in built and not (ROOT / path).exists()] == []


def test_the_picture_of_the_layers_is_the_one_that_the_imports_are_held_to():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    kept = next(contract["layers"] for contract in contracts if contract.get("containers") == ["greenenergy"])
    text = (ROOT / "docs/architecture.md").read_text()
    block = text.partition("tests/test_docs.py compares them -->")[2].split("\n\n")[1]
    assert [re.split(r"\s{2,}", line.strip())[0] for line in block.splitlines()] == kept


def test_the_architecture_page_stays_short():
    text = (ROOT / "docs/architecture.md").read_text()
    table = text.partition("## Where is …?")[2].partition("##")[0]
    assert len(re.findall(r"^\| (?!Looking|--)", table, re.MULTILINE)) <= 20


def test_the_readme_stays_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 130


def test_the_table_of_settings_is_made_of_their_declaration():
    page = docs_table.PAGE.read_text()
    assert docs_table.updated(page) == page, "run: python -m greenenergy.config.docs_table"
    assert docs_table.table() in page


def local_links(page):
    text = CODE_BLOCK.sub("", page.read_text())
    links = [unquote(link or picture) for link, picture in LINK.findall(text)]
    return [link for link in links if not re.match(r"[a-z]+:", link)]


def leads_somewhere(page, link):
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page):
    """Of its headings, as GitHub makes them: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
