"""The words that the server gives the chat's scripts are those that the scripts read."""

import re

import pytest
from django.conf import settings

from contact.views.words import desk_words, visitor_words

SCRIPTS = settings.BASE_DIR / "static" / "js" / "chat"
READ = re.compile(r"\b_?(?:words|texts)\.(\w+)")
STATES = {"connecting", "offline"}  # words[state], of the connection
BUTTONS = {"retry", "discard"}  # words[name], at a line that was refused


@pytest.mark.parametrize(
    ("side", "words", "by_name"),
    [
        ("visitor", visitor_words, STATES | BUTTONS | {"unreachable", "divider", "unreadBelow"}),
        (
            "desk",
            desk_words,
            STATES | BUTTONS | {"online", "waiting", "mine", "newVisitor", "newMessage", "handedOver"},
        ),
    ],
)
def test_scripts_read_every_word_and_no_other(side, words, by_name):
    """`by_name`: what they read as words[name], or as a text of a request."""
    other = {"visitor": "desk", "desk": "visitor"}[side]
    scripts = [path for path in SCRIPTS.glob("*.js") if path.stem != other] + [*(SCRIPTS / side).glob("*.js")]
    read = {word for path in scripts for word in READ.findall(path.read_text())}
    assert len(read) > 15
    assert read | by_name == set(words())
