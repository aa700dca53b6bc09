"""One page of a long list, without counting the list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.http import Http404
from django.utils.translation import gettext

PAGE_SIZE = 20
LAST_PAGE = 100  # older articles are reached through the archive: OFFSET reads every row that it skips

MOST_ROWS = PAGE_SIZE * LAST_PAGE + 1

Row = TypeVar("Row")
Other = TypeVar("Other")
Row_co = TypeVar("Row_co", covariant=True)


class Sliceable(Protocol[Row_co]):
    """A queryset, a list, or anything else that a slice is taken of."""

    def __getitem__(self, part: slice, /) -> Iterable[Row_co]: ...


@dataclass(frozen=True)
class ListPage(Generic[Row]):
    """The rows of one page of a list; one row more than is shown was read to find out `has_next`."""

    items: list[Row]
    number: int
    has_next: bool
    is_cut: bool  # the list goes on, but only in the archive

    def __iter__(self) -> Iterator[Row]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def previous_number(self) -> int:
        return self.number - 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def label(self) -> str:
        """第 3 页, in the visitor's language."""
        return gettext("第 %(number)s 页") % {"number": self.number}

    def with_items(self, items: list[Other]) -> "ListPage[Other]":
        """The same page of other rows: articles in place of their primary keys."""
        return ListPage(items, self.number, self.has_next, self.is_cut)


def get_page(rows: Sliceable[Row], number: str | None) -> ListPage[Row]:
    """The page of the URL's `?page=`, None for the first. Http404 unless it is a number from 1 to LAST_PAGE with rows.

    The first page of an empty list exists.
    """
    text = number or "1"
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= LAST_PAGE):
        raise Http404
    page = int(text)
    first = (page - 1) * PAGE_SIZE
    items = list(rows[first : first + PAGE_SIZE + 1])
    if not items and page > 1:
        raise Http404
    more = len(items) > PAGE_SIZE
    return ListPage(items[:PAGE_SIZE], page, more and page < LAST_PAGE, more and page == LAST_PAGE)
