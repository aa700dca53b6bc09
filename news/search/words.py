"""What a text is cut into, what a visitor's query asks for, and where it stands in a text."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import mark_safe

MAX_ORDERED_WORDS = 16_000  # PostgreSQL remembers no position beyond 16,383
MAX_WORD = 60  # characters; a longer run is no word that anybody would type
MAX_TERMS = 8
SNIPPET = 110

# Han with its extensions and compatibility forms, 〇, kana, Hangul: written without spaces.
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(rf"(?P<cjk>[{_CJK}]+)|(?P<other>[^\W_{_CJK}]+)")
_TERM = re.compile(r"[\"“”]([^\"“”]+)[\"“”]|(\S+)")


def normalize(text: str) -> str:
    """Half-width, lower case: ５Ｇ and 5g are one word."""
    return unicodedata.normalize("NFKC", text).lower()


def index_words(text: str) -> list[str]:
    """The words of a text in order: of 光伏发电5G are 光伏 伏发 发电 电 5g.

    The last character of a run stands alone too, so that every character begins some word. Behind
    the first 16,000 words each word stands once: a text of that length is found by its pairs, not by
    its phrases.
    """
    words = []
    for run in _RUN.finditer(normalize(text)):
        words += _pairs(run["cjk"]) if run["cjk"] else [run["other"][:MAX_WORD]]
    if len(words) > MAX_ORDERED_WORDS:
        first, rest = words[:MAX_ORDERED_WORDS], words[MAX_ORDERED_WORDS:]
        words = first + sorted(set(rest) - set(first))
    return words


def _pairs(run):
    return [run[i : i + 2] for i in range(len(run) - 1)] + [run[-1]]


@dataclass(frozen=True)
class Term:
    """Words that must follow each other; of the last one the beginning is enough where `is_prefix`."""

    words: tuple[str, ...]
    is_prefix: bool
    runs: tuple[str, ...]  # as typed, normalized: for marking them


@dataclass(frozen=True)
class Query:
    """What a visitor asks for: every term, in whatever order. Empty where nothing searchable was typed."""

    text: str
    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> "Query":
        """Terms are separated by spaces; spaces between quotation marks stay inside a term."""
        terms = {}
        for match in _TERM.finditer(text):
            term = _term(match[1] or match[2])
            if term:
                terms.setdefault(term.words, term)
        return cls(text, tuple(terms.values())[:MAX_TERMS])

    def __bool__(self):
        return bool(self.terms)

    @cached_property
    def _pattern(self):
        # 光伏5G also marks 光伏 5G, as it also finds it. The longest first: 光伏发电 before 光伏.
        patterns = {r"[\W_]{0,3}".join(map(re.escape, term.runs)) for term in self.terms}
        return re.compile("|".join(sorted(patterns, key=len, reverse=True)), re.IGNORECASE)

    def highlight(self, text: str) -> str:
        """Safe HTML of a plain text with <mark> around what was searched for."""
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
        """The piece of a text that holds the first find, or ''."""
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
        words = words[:-1]  # the last character alone belongs to an end of a run, and this may be no end
    return Term(tuple(words), is_prefix, tuple(runs))


def _same_length(text):
    """Normalized character by character, so that places found in it are places in the text."""
    return "".join(c if len(n := unicodedata.normalize("NFKC", c)) != 1 else n for c in text)
