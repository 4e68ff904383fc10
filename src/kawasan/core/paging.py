"""Lists come a page at a time."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.http import HttpRequest

PER_PAGE = 25
FEW = 500  # rows that are read as they come
MOST_COUNTED = 10_000  # rows that are counted and can be turned to; nobody turns to more, and a filter finds them


class RowPaginator(Paginator):
    """Pages of rows of the database, as fast on the last page as on the first, however many rows there are.

    Rows are counted up to a limit, and a page is found by its keys alone before anything else of it is read.
    """

    object_list: QuerySet[Any]

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def is_more(self) -> bool:
        """Whether there are rows that are not counted."""
        return self._counted > MOST_COUNTED

    def page(self, number: int | str) -> Page[Any]:
        if self._counted <= FEW:
            return super().page(number)
        found, last = super().page(number), int(number) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[last - self.per_page : last])
        found.object_list = _with_keys(self.object_list, keys)
        return found


def all_in_parts(rows: QuerySet[Any]) -> Iterator[Any]:
    """Every row in its order, read by keys a part at a time: a database that has to sort then sorts keys alone."""
    if not _has_keys(rows):
        yield from rows.iterator(chunk_size=FEW)
        return
    keys = iter(list(rows.values_list("pk", flat=True)))
    while part := list(islice(keys, FEW)):
        yield from _with_keys(rows, part)


def _with_keys(rows: QuerySet[Any], keys: Sequence[Any]) -> list[Any]:
    """These rows in the order of their keys, without those that are gone by now."""
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], per_page: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for; a page number out of range is the nearest one there is."""
    paginator = RowPaginator if _has_keys(rows) else Paginator
    return paginator(rows, per_page).get_page(request.GET.get("page"))


def _has_keys(rows: QuerySet[Any] | Sequence[Any]) -> bool:
    """Whether these are whole rows of a table, and not what was worked out of them."""
    return isinstance(rows, QuerySet) and rows._iterable_class is ModelIterable and not rows.query.is_sliced
