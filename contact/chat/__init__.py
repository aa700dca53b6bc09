"""What visitors and staff can do in a conversation: start, post, take, transfer, close, and the rest.

Every verb holds the lock on the conversation's row, stores its change, and knocks once it is committed.
Locks are taken in one order, so that no two verbs deadlock: the visitor, then the conversation.
"""

from .agents import agent_of_session, mark_present, may_answer_chats
from .limits import TEXT_LIMIT
from .locked_conversation import Blocked, Crowded, Refused
from .opening import opening_state
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
    COOKIE,
    agree_again,
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
