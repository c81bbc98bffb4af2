"""Pages without slow counts: one row more than shown tells whether there is a next page; totals stop at a cap."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

COUNT_CAP = 1000  # beyond this the list says "1000+": nobody acts on the difference, and counting costs a scan
PAGE_CAP = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of rows. ``total`` is exact when ``exact``, otherwise at least that many rows exist."""

    rows: list[Any]
    number: int
    per: int
    total: int
    exact: bool
    has_next: bool

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 when nothing is shown."""
        return (self.number - 1) * self.per + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def previous(self) -> int | None:
        """The page before, or None."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, or None."""
        return self.number + 1 if self.has_next else None

    @property
    def pages(self) -> int:
        """How many pages there are, 0 where the total is not exact."""
        return max(1, -(-self.total // self.per)) if self.exact else 0

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to link, None for a gap: the ends and two around the present one."""
        last = self.pages or (self.number + 1 if self.has_next else self.number)
        wanted = sorted({1, *range(self.number - 1, self.number + 2), last} & set(range(1, last + 1)))
        found: list[int | None] = []
        for number in wanted:
            if found and found[-1] is not None and number - found[-1] > 1:
                found.append(None)
            found.append(number)
        if not self.pages and self.has_next:
            found.append(None)
        return found


def page_number(text: str) -> int:
    """A page number from an address: at least 1, at most PAGE_CAP; 1 for what is no number."""
    if not text.isdecimal() or len(text) > 9:
        return 1
    return min(max(int(text), 1), PAGE_CAP)


def paginate(rows: QuerySet[Any], *, number: int, per: int) -> Paging:
    """Page ``number`` of ``rows``. One query where everything fits on the page, else two; never an unbounded count.

    A page past the end falls back to the last one (to the first where the total is beyond the cap).
    """
    offset = (number - 1) * per
    found = list(rows[offset : offset + per + 1])
    if not found and number > 1:
        total = _capped_count(rows)
        return paginate(rows, number=-(-total // per) if 0 < total <= COUNT_CAP else 1, per=per)
    has_next = len(found) > per
    if not has_next:
        return Paging(found, number, per, offset + len(found), True, False)
    total = _capped_count(rows)
    return Paging(found[:per], number, per, max(min(total, COUNT_CAP), offset + per), total <= COUNT_CAP, True)


def _capped_count(rows: QuerySet[Any]) -> int:
    """The number of rows, at most COUNT_CAP + 1: the database stops there."""
    return rows.order_by().values("pk")[: COUNT_CAP + 1].count()
