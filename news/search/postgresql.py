"""The index on PostgreSQL: a tsvector for each article, words of the title with weight A.

Vectors and queries are written as PostgreSQL reads them back, past its parser, which knows no Chinese.
"""

from django.db.models.expressions import RawSQL

CREATE = """
CREATE TABLE news_search (
    article_id bigint PRIMARY KEY,
    words tsvector NOT NULL
);
CREATE INDEX news_search_words ON news_search USING gin (words) WITH (fastupdate = off);
"""
DROP = "DROP TABLE news_search"
MAX_POSITION = 16_383
MAX_POSITIONS_OF_A_WORD = 255


def index(connection, rows):
    """`rows`: (number of the article, words of the title, words of summary and body)."""
    if not rows:
        return
    values = ", ".join(["(%s, %s::tsvector)"] * len(rows))
    parameters = [value for number, title, body in rows for value in (number, _vector(title, body))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO news_search (article_id, words) VALUES {values} "  # noqa: S608  only placeholders
            "ON CONFLICT (article_id) DO UPDATE SET words = excluded.words",
            parameters,
        )


def remove(connection, numbers):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM news_search WHERE article_id = ANY(%s)", [numbers])


def matches(query):
    return _select(" & ".join(_phrase(term, "") for term in query.terms))


def title_matches(query):
    return _select(" & ".join(_phrase(term, "A") for term in query.terms))


def _select(tsquery):
    return RawSQL("SELECT article_id FROM news_search WHERE words @@ %s::tsquery", [tsquery])


def _vector(title, body):
    places = {}
    for position, word in enumerate(title, start=1):
        places.setdefault(word, []).append(f"{position}A")
    for position, word in enumerate(body, start=len(title) + 2):  # a gap: no phrase crosses it
        places.setdefault(word, []).append(str(min(position, MAX_POSITION)))
    return " ".join(f"'{word}':{','.join(at[:MAX_POSITIONS_OF_A_WORD])}" for word, at in places.items())


def _phrase(term, weight):
    # Words hold letters and digits only (words.py), so nothing in them can end the quotation.
    words = [f"'{word}'" + (f":{weight}" if weight else "") for word in term.words]
    if term.is_prefix:
        words[-1] = f"'{term.words[-1]}':*{weight}"
    return "(" + " <-> ".join(words) + ")"
