"""Lists in the admin that stay fast however long they are."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MAX_COUNT = 10_000


class BoundedPaginator(Paginator):
    """Counts at most MAX_COUNT rows and offers no page beyond them: filters and search find the rest."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:MAX_COUNT].count()
