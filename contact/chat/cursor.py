"""How much of a thread a visitor's browser holds; the id of its stream's events, and ?after= of polling."""

import re
from typing import NamedTuple


class Cursor(NamedTuple):
    """The browser holds every line up to this number of this conversation, and all earlier conversations.

    A visitor's lines are in order of (conversation, number): a conversation begins only after the one before it is closed,
    under the lock on the visitor. So of two cursors the greater one holds more.
    """

    conversation: int = 0  # primary key
    sequence: int = 0

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """Read "17-5". Anything else holds nothing: the browser gets all lines once more."""
        match = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,9})", text)
        return cls(int(match[1]), int(match[2])) if match else cls()

    def __str__(self) -> str:
        return f"{self.conversation}-{self.sequence}"
