"""The functions that other packages call say what they take and give: mypy checks what is annotated."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["packages"]
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package.replace(".", "/")).rglob("*.py"))]
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(tree, inside=""):
    """(name, node) of functions at the top of a module and of methods of its public classes."""
    for node in tree.body:
        if isinstance(node, FUNCTIONS) and (not node.name.startswith("_") or node.name == "__init__"):
            yield f"{inside}{node.name}", node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node, f"{node.name}.")


def missing_annotations(function):
    arguments = function.args
    named = [
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    ]
    missing = [one.arg for one in named if one and one.annotation is None and one.arg not in ("self", "cls")]
    if function.returns is None and function.name != "__init__":
        missing.append("return")
    return missing


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_functions_are_annotated(path):
    functions = dict(public_functions(ast.parse(path.read_text())))
    missing = {name: missing_annotations(function) for name, function in functions.items()}
    assert {name: names for name, names in missing.items() if names} == {}


def test_a_missing_annotation_is_found():
    code = "def f(a: int, *b, c: str = '') -> int: ...\nclass C:\n    def m(self, x): ...\n    def _p(self, y): ...\n"
    functions = dict(public_functions(ast.parse(code)))
    assert {name: missing_annotations(node) for name, node in functions.items()} == {
        "f": ["b"],
        "C.m": ["x", "return"],
    }
