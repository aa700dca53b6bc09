"""The index on SQLite: an FTS5 table, rowid = number of the article."""

from django.db.models.expressions import RawSQL

# The tokenizer "ascii" takes every character beyond ASCII for a letter: the words stay as words.py cut them.
CREATE = "CREATE VIRTUAL TABLE news_search USING fts5(title, body, tokenize = 'ascii', detail = 'full')"
DROP = "DROP TABLE news_search"


def index(connection, rows):
    """`rows`: (number of the article, words of the title, words of summary and body)."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM news_search WHERE rowid = %s", [(number,) for number, *_ in rows])
        cursor.executemany(
            "INSERT INTO news_search (rowid, title, body) VALUES (%s, %s, %s)",
            [(number, " ".join(title), " ".join(body)) for number, title, body in rows],
        )


def remove(connection, numbers):
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM news_search WHERE rowid = %s", [(number,) for number in numbers])


def matches(query):
    return _select(" AND ".join(map(_phrase, query.terms)))


def title_matches(query):
    return _select("title : (" + " AND ".join(map(_phrase, query.terms)) + ")")


def _select(match):
    return RawSQL("SELECT rowid FROM news_search WHERE news_search MATCH %s", [match])


def _phrase(term):
    # Words hold letters and digits only (words.py), so nothing in them can end the quotation.
    return '"' + " ".join(term.words) + '"' + (" *" if term.is_prefix else "")
