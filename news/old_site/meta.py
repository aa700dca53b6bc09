"""The meta line of an old page, such as 发布时间:2023-07-18 人气:428 来源:…; it may be split over several lines."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from .blocks import Block
from .characters import find_views
from .dates import find_date, is_incomplete_date, only_date, without_dates
from .labels import (
    EDGES,
    LONGEST_VALUE,
    counted,
    is_bare_date,
    is_count,
    is_labelled,
    short_label,
    split_labels,
)
from .names import dated_names, is_organisation, labelled_name
from .surroundings import is_noise
from .tag_line import split_line

_MOST_LINES = 10
_OF_THIS_ARTICLE = ("", "本文", "文章", "稿件", "本稿", "文")


@dataclass
class Meta:
    published_at: datetime | None = None
    unreadable_date: str = ""
    views: int | None = None
    source: str = ""
    author: str = ""
    editor: str = ""
    section: str = ""
    tags: list[str] = field(default_factory=list)


def find_meta(blocks: list[Block], places: list[int]) -> tuple[Meta | None, int, int]:
    """(meta, index of its first block, index after its last one) of the meta line at one of these places.

    A line with labels is preferred to a bare date, and that to a date beside a name. Where there is none:
    (None, len(blocks), len(blocks)).
    """
    for is_meta in (is_labelled, is_bare_date, is_incomplete_date, dated_names):
        for at in places:
            if is_meta(blocks[at].text):
                return _gather(blocks, at)
    return None, len(blocks), len(blocks)


def read_signature(text: str) -> Meta | None:
    """The meta of a last line such as （责任编辑：张三） or 来源：新华网; None for any other text."""
    lead, values = split_labels(text)
    if len(text) > LONGEST_VALUE or lead.strip(EDGES) not in _OF_THIS_ARTICLE or not values:
        return None
    if any(kind not in ("source", "author", "editor") or not value for kind, value in values):
        return None
    return _meta_of(values, "")


def _gather(blocks, at):
    """(meta, index of its first block, index after its last one) of this line and the lines around that belong to it."""
    start, end = at, at + 1
    while start > 0 and at - start < _MOST_LINES and _stands_above(blocks[start - 1].text):
        start -= 1
    leads, values = [], []
    for block in blocks[start:end]:
        before, found = split_labels(block.text)
        leads.append(before)
        values += found
    while end < len(blocks) and end - at < _MOST_LINES:
        text = blocks[end].text
        found = split_labels(text)[1]
        if values and _is_value_of(text, *values[-1]):
            values[-1] = (values[-1][0], text)  # its label is on the line above
        elif _goes_along(text) or (
            is_labelled(text) and not {kind for kind, _v in found} & {kind for kind, _v in values}
        ):
            values += found
        elif short := short_label(text):
            values.append(short)
        elif is_count(text):
            leads.append(text)
        elif is_organisation(text) and "source" not in {kind for kind, _v in values}:
            values.append(("source", text))
        elif not is_noise(text):
            break
        end += 1
    links = tuple(link for block in blocks[start:end] for link in block.links)
    return _meta_of(values, " ".join(leads), links), start, end


def _stands_above(text):
    return _goes_along(text) or only_date(text) is not None


def _goes_along(text):
    """Whether a line of labels without date and views belongs to the meta line next to it."""
    lead, values = split_labels(text)
    return (
        bool(values)
        and not lead.strip(EDGES)
        and not text.endswith("。")
        and all(
            kind not in ("maybe_date", "date", "views") and len(value) <= LONGEST_VALUE
            for kind, value in values
        )
    )


def _is_value_of(text, kind, value):
    """Whether the line is the date or number of a label that is alone on the line above."""
    if value:
        return False
    if kind in ("date", "maybe_date"):
        return only_date(text) is not None
    return kind == "views" and bool(re.fullmatch(r"\d[\d,]{0,12}\s?次?", text))


def _meta_of(values, lead, links=()):
    meta = Meta()
    for kind, value in values:
        if kind in ("date", "maybe_date"):
            meta.published_at = meta.published_at or find_date(value)
            if value and not find_date(value):
                meta.unreadable_date = meta.unreadable_date or value
        elif kind == "views":
            meta.views = find_views(without_dates(value)) if meta.views is None else meta.views
        elif kind == "tags":
            meta.tags = meta.tags or split_line(value)
        elif kind == "section":
            meta.section = meta.section or labelled_name(value, links)
        elif kind != "other" and not getattr(meta, kind):
            setattr(meta, kind, labelled_name(value, links))
    _read_lead(meta, lead)
    if meta.views is None and (count := counted(" ".join([lead, *(value for _kind, value in values)]))):
        meta.views = find_views(count)
    _add_unlabelled_names(meta, lead, [value for kind, value in values if kind in ("date", "maybe_date")])
    return meta


def _read_lead(meta, lead):
    """The date of 2023-07-18 来源：新华网 stands before the first label."""
    meta.published_at = meta.published_at or only_date(lead) or find_date(lead)
    if meta.published_at:
        meta.unreadable_date = ""
    elif is_incomplete_date(lead):
        meta.unreadable_date = lead.strip()


def _add_unlabelled_names(meta, lead, dates):
    """Of 2021-03-05 宣传部 or 行政部 2021-03-05; what a label says comes first.

    Behind 发表于 2021-03-05 there may be buttons as well: there only what is surely a name counts.
    """
    for text in (lead, *dates):
        source, author = dated_names(text) or ("", "")
        if text is lead or is_organisation(source):
            meta.source = meta.source or source
        meta.author = meta.author or author
