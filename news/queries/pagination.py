"""One page of a long list, without counting the list."""

from dataclasses import dataclass

from django.http import Http404

PAGE_SIZE = 20
LAST_PAGE = 100  # deeper through the archive: OFFSET reads whatever it skips

MOST_ROWS = PAGE_SIZE * LAST_PAGE + 1


@dataclass(frozen=True)
class Page:
    """Rows of one page; `has_next` is known from one row more than is shown."""

    items: list
    number: int
    has_next: bool
    is_cut: bool  # there is more, but only in the archive

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    @property
    def previous_number(self):
        return self.number - 1

    @property
    def next_number(self):
        return self.number + 1


def get_page(rows, number: str | None) -> Page:
    """The page that the address asks for. 404 for a number that is none, or behind the end."""
    text = number or "1"
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and 1 <= int(text) <= LAST_PAGE):
        raise Http404
    number = int(text)
    first = (number - 1) * PAGE_SIZE
    items = list(rows[first : first + PAGE_SIZE + 1])
    if not items and number > 1:
        raise Http404
    more = len(items) > PAGE_SIZE
    return Page(items[:PAGE_SIZE], number, more and number < LAST_PAGE, more and number == LAST_PAGE)
