"""The index on PostgreSQL: a tsvector for each article, words of the title with weight A.

Vectors and queries are written in PostgreSQL's own notation, because its parser cannot split Chinese.
"""

import json

from django.db.models.expressions import RawSQL

# A search reads the words of articles, the newest first. PostgreSQL moves those of rows beyond 2 KB to a TOAST table,
# where reading takes twice as long. Up to this many bytes, an article of some 800 characters, they stay in the row.
KEEP_IN_ROW = "toast_tuple_target = 8160"  # the maximum
CREATE = (
    "CREATE TABLE news_search (article_id bigint PRIMARY KEY, place bigint NOT NULL, words tsvector NOT NULL)"
    f" WITH ({KEEP_IN_ROW})",
    "CREATE INDEX news_search_place ON news_search (place)",
    # New words are collected in a list of at most 1 MB and then sorted in together: indexing takes 0.6 of the time.
    "CREATE INDEX news_search_words ON news_search USING gin (words)"
    " WITH (fastupdate = on, gin_pending_list_limit = 1024)",
)
DROP = ("DROP TABLE IF EXISTS news_search",)
_NEWEST = "SELECT article_id FROM news_search WHERE words @@ %s::tsquery ORDER BY place DESC LIMIT %s"
# GIN does not store the order of words, so a phrase needs the vector of each row that contains its words. The newest
# NEAR × limit of those are checked first, and all of them only where these yield too few.
NEAR = 3
_NEWEST_OF_PHRASE = """
WITH near AS MATERIALIZED (
  SELECT article_id, place, words FROM news_search WHERE words @@ %s::tsquery ORDER BY place DESC LIMIT %s
), found AS MATERIALIZED (
  SELECT article_id FROM near WHERE words @@ %s::tsquery ORDER BY place DESC LIMIT %s
)
SELECT article_id FROM found UNION ALL (
  SELECT article_id FROM news_search
  WHERE (SELECT count(*) FROM found) < %s AND (SELECT count(*) FROM near) = %s AND words @@ %s::tsquery
  ORDER BY place DESC LIMIT %s
)
"""

MAX_POSITION = 16_383
# Of a tsvector: text of the words, aligned, and two bytes for each position and their number. An article of 300,000
# characters may have more different words; its last ones are not found.
MAX_BYTES = 2**20 - 1
MAX_POSITIONS_OF_A_WORD = 255


def index(connection, rows):
    """`rows`: (primary key of the article, its place, words of the title, words of summary and body)."""
    if not rows:
        return
    values = ", ".join(["(%s, %s, %s::tsvector)"] * len(rows))
    parameters = [value for pk, place, title, body in rows for value in (pk, place, _vector(title, body))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO news_search (article_id, place, words) VALUES {values} "  # noqa: S608  only placeholders
            "ON CONFLICT (article_id) DO UPDATE SET place = excluded.place, words = excluded.words",
            parameters,
        )


def remove(connection, pks):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM news_search WHERE article_id = ANY(%s)", [pks])


def matches(query, newest):
    """The planner chooses: for a frequent word it reads from the newest back, a rare one it looks up in the GIN index."""
    whole = _tsquery(query, "")
    if all(len(term.words) == 1 for term in query.terms):
        return RawSQL(_NEWEST, [whole, newest])  # noqa: S611  only placeholders
    near = NEAR * newest
    words = " & ".join(_word(term, number) for term in query.terms for number in range(len(term.words)))
    values = [words, near, whole, newest, newest, near, whole, newest]
    return RawSQL(_NEWEST_OF_PHRASE, values)  # noqa: S611


def pks_in_title(connection, query, pks):
    with connection.cursor() as cursor:
        # MATERIALIZED, or the planner would check every article that contains the words of a phrase.
        cursor.execute(
            "WITH these AS MATERIALIZED (SELECT article_id, words FROM news_search WHERE article_id = ANY(%s)) "
            "SELECT article_id FROM these WHERE words @@ %s::tsquery",
            [pks, _tsquery(query, "A")],
        )
        return {pk for (pk,) in cursor.fetchall()}


def estimate(connection, query):
    """The planner's estimate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN (FORMAT JSON) SELECT 1 FROM news_search WHERE words @@ %s::tsquery",
            [_tsquery(query, "")],
        )
        (plan,) = cursor.fetchone()
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"]


def _tsquery(query, weight):
    return " & ".join(_phrase(term, weight) for term in query.terms)


def _vector(title, body):
    places = {}
    for position, word in enumerate(title, start=1):
        places.setdefault(word, []).append(f"{position}A")
    for position, word in enumerate(body, start=len(title) + 2):  # a gap, which no phrase matches across
        at = places.setdefault(word, [])
        if (
            position <= MAX_POSITION
        ):  # the words beyond are in no order (words.py), and take half the room without one
            at.append(str(position))
    entries, size = [], 0
    for word, at in places.items():
        at = at[:MAX_POSITIONS_OF_A_WORD]
        size += len(word.encode()) + 1 + (2 + 2 * len(at) if at else 0)
        if size > MAX_BYTES:
            break
        entries.append(f"'{word}'" + (f":{','.join(at)}" if at else ""))
    return " ".join(entries)


def _phrase(term, weight):
    return "(" + " <-> ".join(_word(term, number, weight) for number in range(len(term.words))) + ")"


def _word(term, number, weight=""):
    # Words consist of letters and digits (words.py), so no word can end the quotation.
    is_beginning = term.is_prefix and number == len(term.words) - 1
    marks = "*" * is_beginning + weight
    return f"'{term.words[number]}'" + (f":{marks}" if marks else "")
