"""Search in Chinese text without a dictionary: the same words, the same answers, on both databases.

Text is cut into words (`words.py`): each pair of neighbouring Chinese characters, and each run of
letters or digits as it stands. The database keeps those words in an index of its own (`sqlite.py`:
FTS5, `postgresql.py`: tsvector with GIN) and finds them in order, so that 光伏 is found in 分布式光伏发电
and 光伏发电 is not found in 光伏、发电.
"""

from django.db import connections

from . import postgresql, sqlite
from .words import Query, index_words

__all__ = ["Query", "index_articles", "matches", "title_matches", "unindex_articles"]

INDEXED_FIELDS = {"title", "summary", "body", "body_text"}
_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def index_articles(articles, using: str) -> None:
    """Put the words of these articles into the index, in place of what stood there for them."""
    connection = connections[using]
    _ENGINES[connection.vendor].index(
        connection,
        [
            (article.pk, index_words(article.title), index_words(f"{article.summary}\n{article.body_text}"))
            for article in articles
        ],
    )


def unindex_articles(ids, using: str) -> None:
    connection = connections[using]
    _ENGINES[connection.vendor].remove(connection, list(ids))


def matches(query: Query, using: str):
    """A subquery: the numbers of all articles that hold every term of the query somewhere."""
    return _ENGINES[connections[using].vendor].matches(query)


def title_matches(query: Query, using: str):
    """A subquery: the numbers of those that hold every term in their title."""
    return _ENGINES[connections[using].vendor].title_matches(query)
