"""Lists of staff that stay quick however long they are."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MAX_COUNT = 10_000


class BoundedPaginator(Paginator):
    """Counts no further than 10,000 and shows no more pages than that: filters and search lead to the rest."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MAX_COUNT].count()
