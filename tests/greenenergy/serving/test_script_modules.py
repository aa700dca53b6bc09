"""Script modules in one file: what collectstatic writes of static/js."""

import pytest

from greenenergy.serving.script_modules import join_modules


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
    assert 'later = () => import("./sound.js")' in text and 'import("./parts/own.js")' in text


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
    ],
)
def test_what_cannot_be_joined_stops_the_collection(line):
    with pytest.raises(ValueError, match=r"page\.js cannot be joined"):
        join("page", page=f"{line}\n", two="export const two = 2;\n")


def test_two_modules_of_a_page_declare_no_name_twice():
    with pytest.raises(ValueError, match=r"two\.js and page\.js both declare show"):
        join(
            "page",
            page='import { two } from "./two.js";\nasync function show() {}\n',
            two="export const two = 2;\nfunction show() {}\n",
        )
