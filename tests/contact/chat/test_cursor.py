"""The cursor: which lines a browser holds, as written in event ids and URLs."""

import pytest

from contact.chat.cursor import Cursor


def test_a_cursor_that_the_browser_sends_back_is_the_same():
    assert Cursor.parse(str(Cursor(17, 5))) == (17, 5)


@pytest.mark.parametrize(
    "text", ["", "17", "17-", "-5", "17-5 ", "a-b", "1" * 16 + "-5", "17-" + "5" * 10, "１７-5"]
)
def test_what_is_no_cursor_holds_nothing(text):
    assert Cursor.parse(text) == (0, 0)
