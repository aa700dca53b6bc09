"""Search in Chinese text without a dictionary: the same words, the same answers, on both databases.

Text is cut into words (`words.py`): each pair of neighbouring Chinese characters, and each run of
letters or digits as it stands. The database keeps those words in an index of its own (`sqlite.py`:
FTS5, `postgresql.py`: tsvector with GIN) and finds them in order, so that 光伏 is found in 分布式光伏发电
and 光伏发电 is not found in 光伏、发电.

An article's place in the index is its moment of publication followed by its number, so that the newest
of a million finds are read from the index's end, and the others are not looked at.
"""

from django.db import connections

from . import postgresql, sqlite
from .words import Query, index_words

__all__ = ["Query", "estimate", "index_articles", "matches", "numbers_in_title", "unindex_articles"]

INDEXED_FIELDS = {"title", "summary", "body", "body_text", "published_at"}
NUMBER_BITS = 30
LAST_SECOND = 2**33 - 1  # in the year 2242; with the number it fits into 63 bits
_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def index_articles(articles, using: str) -> None:
    """Put the words of these articles into the index, in place of what stood there for them."""
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


def unindex_articles(ids, using: str) -> None:
    connection = connections[using]
    _ENGINES[connection.vendor].remove(connection, list(ids))


def place(article) -> int:
    """Where an article stands in the index: drafts without a date first, the newest last."""
    moment = article.published_at
    seconds = min(max(int(moment.timestamp()), 0), LAST_SECOND) if moment else 0
    return seconds << NUMBER_BITS | article.pk


def matches(query: Query, using: str, newest: int):
    """A subquery: the numbers of the `newest` articles, public or not, that hold every term somewhere."""
    return _ENGINES[connections[using].vendor].matches(query, newest)


def numbers_in_title(query: Query, numbers: list[int], using: str) -> set[int]:
    """Which of these articles hold every term in their title."""
    connection = connections[using]
    return _ENGINES[connection.vendor].numbers_in_title(connection, query, numbers) if numbers else set()


def estimate(query: Query, using: str) -> int:
    """About how many articles match, public or not."""
    connection = connections[using]
    return _ENGINES[connection.vendor].estimate(connection, query)
