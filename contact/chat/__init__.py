"""What visitors and staff can do in a conversation: start, post, take, transfer, close, and the rest.

Every verb works under the lock on the conversation's row, writes what has happened, and knocks once
it is committed. Locks are taken in one order: the visitor, then the conversation.
"""

from .agents import agent_of_session, mark_present, may_answer_chats
from .staff import (
    block,
    close,
    close_abandoned,
    note,
    post_from_staff,
    release,
    release_lost,
    rename_visitor,
    reopen,
    set_labels,
    staff_has_read,
    staff_types,
    take,
    transfer,
)
from .visitor import (
    current_conversation,
    end,
    find_line,
    find_visitor,
    forget_browser,
    post_from_visitor,
    rate,
    start,
    visitor_has_moved,
    visitor_has_read,
    visitor_types,
)
from .writing import Blocked, Refused

TEXT_LIMIT = 2000  # characters of one line
