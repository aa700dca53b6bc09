"""The words of a text, the terms of a visitor's query, and where the terms occur in a text."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import mark_safe

from greenenergy.text.characters import clean_line

MAX_ORDERED_WORDS = 16_000  # PostgreSQL stores no position beyond 16,383
MAX_WORD = 60  # characters; nobody searches for a longer run
MAX_TERMS = 8
SNIPPET = 110

# Han with its extensions and compatibility forms, 〇, kana, Hangul: written without spaces.
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<other>[^\W_{_CJK}]+)")
_TERM = re.compile(r"[\"“”]([^\"“”]+)[\"“”]|(\S+)")


def normalize(text: str) -> str:
    """Half-width and lower case: ５Ｇ and 5g are one word."""
    return unicodedata.normalize("NFKC", text).lower()


def index_words(text: str) -> list[str]:
    """The words of a text in order: those of 光伏发电5G are 光伏 伏发 发电 电 5g.

    The last character of a run is a word too, so that every character begins some word. After the first 16,000 words
    each new word is listed once: that far into a text its pairs are found, phrases are not.
    """
    words = []
    for run in _RUN.finditer(normalize(text)):
        words += _pairs(run["cjk"]) if run["cjk"] else [run["other"][:MAX_WORD]]
    if len(words) > MAX_ORDERED_WORDS:
        first, rest = words[:MAX_ORDERED_WORDS], words[MAX_ORDERED_WORDS:]
        known = set(first)
        words = first + [word for word in dict.fromkeys(rest) if word not in known]
    return words


def _pairs(run):
    return [run[i : i + 2] for i in range(len(run) - 1)] + [run[-1]]


@dataclass(frozen=True)
class Term:
    """Words that must follow each other; with `is_prefix`, the last one is the beginning of a word."""

    words: tuple[str, ...]
    is_prefix: bool
    runs: tuple[str, ...]  # as typed, normalized; for marking them in a text


@dataclass(frozen=True)
class Query:
    """A visitor's query: every term must be found, in any order. False where nothing searchable was typed."""

    text: str
    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> "Query":
        """Terms are separated by spaces; spaces between quotation marks stay inside a term."""
        terms = {}
        text = clean_line(text)
        for match in _TERM.finditer(text):
            term = _term(match[1] or match[2])
            if term:
                terms.setdefault(term.words, term)
        return cls(text, tuple(terms.values())[:MAX_TERMS])

    def __bool__(self):
        return bool(self.terms)

    @cached_property
    def _pattern(self):
        # 光伏5G finds and marks 光伏 5G too. Longer alternatives first: 光伏发电 before 光伏.
        patterns = {r"[\W_]{0,3}".join(map(re.escape, term.runs)) for term in self.terms}
        return re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE)

    def highlight(self, text: str) -> str:
        """Plain text as safe HTML, with <mark> around each match."""
        html, end = [], 0
        for match in self._pattern.finditer(_same_length(text)):
            html += [
                escape(text[end : match.start()]),
                "<mark>",
                escape(text[slice(*match.span())]),
                "</mark>",
            ]
            end = match.end()
        return mark_safe("".join([*html, escape(text[end:])]))  # noqa: S308  each piece is escaped above

    def snippet(self, text: str) -> str:
        """A piece of the text around the first match, or ''."""
        match = self._pattern.search(_same_length(text))
        if not match:
            return ""
        begin = max(match.start() - SNIPPET // 3, 0)
        sentence = max(text.rfind(mark, begin, match.start()) for mark in "。！？\n")
        begin = sentence + 1 if sentence >= 0 else begin
        end = max(begin + SNIPPET, match.end())
        piece = " ".join(text[begin:end].split())
        return ("…" if begin and sentence < 0 else "") + piece + ("…" if end < len(text) else "")


def _term(text):
    runs = [match[0] for match in _RUN.finditer(normalize(text))]
    if not runs:
        return None
    words = index_words(text)
    is_prefix = not re.match(rf"[{_CJK}]{{2}}", runs[-1])
    if not is_prefix:
        # The last character alone is indexed only at the end of a run, and this term may end before that.
        words = words[:-1]
    return Term(tuple(words), is_prefix, tuple(runs))


def _same_length(text):
    """Normalized character by character, so that positions in it are positions in the text."""
    return "".join(c if len(n := unicodedata.normalize("NFKC", c)) != 1 else n for c in text)
