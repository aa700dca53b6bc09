"""`import_redirects` with a file that is no table: one line for the operator, and nothing is saved."""

import csv

import pytest
from django.core.management import CommandError, call_command

from greenenergy.models import Redirect

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "读不了 .*：No such file or directory"),
        (b"\xff\xfe\xff", "不是 UTF-8 或 GB18030 的文本"),
        (b'/a.html,"' + b"x" * 140_000 + b'"', "不是 CSV：field larger than field limit"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, reason):
    table = tmp_path / "old.csv"
    if content is not None:
        table.write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        call_command("import_redirects", str(table))
    assert not Redirect.objects.exists()


@pytest.fixture(autouse=True)
def field_limit():
    """An import of articles, in another test of this process, raises it."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


def test_a_row_of_one_column_is_refused_and_the_others_are_saved(tmp_path, capsys):
    table = tmp_path / "old.csv"
    table.write_text("/a.html\n/b.html,/news/\n")
    with pytest.raises(CommandError, match="有的行没有导入"):
        call_command("import_redirects", str(table))
    assert "第 1 行：要有两列：旧网址，新网址。" in capsys.readouterr().err
    assert [redirect.old_path for redirect in Redirect.objects.all()] == ["/b.html"]
