"""Full-text search in Chinese without a dictionary, with the same results on both databases.

Text is split into words (`words.py`): each pair of neighbouring Chinese characters, and each run of letters or digits.
The database has an index of these words (`sqlite.py`: FTS5, `postgresql.py`: tsvector with GIN) and matches them in
sequence: 光伏 is found in 分布式光伏发电, and 光伏发电 is not found in 光伏、发电.

The index is sorted by `place`: the moment of publication, then the primary key. So the newest of a million matches are
read from its end, and the others are not read at all.
"""

from collections.abc import Iterable

from django.db import connections
from django.db.models.expressions import RawSQL

from . import postgresql, sqlite
from .words import Query, index_words

__all__ = ["Query", "estimate", "index_articles", "matches", "pks_in_title", "unindex_articles"]

INDEXED_FIELDS = {"title", "summary", "body", "body_text", "published_at"}
PK_BITS = 30
LAST_SECOND = 2**33 - 1  # in the year 2242; with the primary key it fits into 63 bits
_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def index_articles(articles, using: str) -> None:
    """Index the words of these articles, in place of those that are indexed for them."""
    connection = connections[using]
    _ENGINES[connection.vendor].index(
        connection,
        [
            (
                article.pk,
                place(article),
                index_words(article.title),
                index_words(f"{article.summary}\n{article.body_text}"),
            )
            for article in articles
        ],
    )


def unindex_articles(pks: Iterable[int], using: str) -> None:
    connection = connections[using]
    _ENGINES[connection.vendor].remove(connection, list(pks))


def place(article) -> int:
    """The sort key of an article in the index: drafts without a date come first, the newest article last."""
    moment = article.published_at
    seconds = min(max(int(moment.timestamp()), 0), LAST_SECOND) if moment else 0
    return seconds << PK_BITS | article.pk


def matches(query: Query, using: str, newest: int) -> RawSQL:
    """A subquery: primary keys of the `newest` articles, public or not, that contain every term somewhere."""
    return _ENGINES[connections[using].vendor].matches(query, newest)


def pks_in_title(query: Query, pks: list[int], using: str) -> set[int]:
    """Which of these articles contain every term in their title."""
    connection = connections[using]
    return _ENGINES[connection.vendor].pks_in_title(connection, query, pks) if pks else set()


def estimate(query: Query, using: str) -> int:
    """About how many articles match, public or not."""
    connection = connections[using]
    return _ENGINES[connection.vendor].estimate(connection, query)
