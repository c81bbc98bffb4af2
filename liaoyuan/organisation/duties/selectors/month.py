"""A month of days on which something is due."""

from calendar import Calendar as Weeks
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from liaoyuan.foundation.regulations.selectors import calendar as work_calendar
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.selectors.mine import my_duty_ids
from liaoyuan.organisation.duties.selectors.rows import Overrides, Shown, duties_visible, is_late, shown

A_DAY = 3  # duties named on a day; the others are counted


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day: the first few duties in words, how many there are in all, how many of them late."""

    on: date
    inside: bool
    today: bool
    workday: bool
    duties: tuple[Shown, ...]
    total: int
    late: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.total - len(self.duties)


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday on; ``total`` open duties have their day in the month itself."""

    first: date
    weeks: tuple[tuple[DayCell, ...], ...]
    total: int


def month(actor: Actor, first: date, *, mine: bool = False) -> Month:
    """The month that begins on ``first``, of what the actor sees, or only what he answers for. The number of queries
    does not depend on the number of duties; each day names A_DAY of them."""
    weeks = Weeks().monthdatescalendar(first.year, first.month)
    begin, end = weeks[0][0], weeks[-1][-1]
    today = clock.today()
    rows = _rows(actor, begin, end, mine)
    counts = {
        due: (total, late)
        for due, total, late in rows.order_by()
        .values_list("due")
        .annotate(total=Count("pk"), late=Count("pk", filter=is_late(today)))
    }
    named = _named(rows, today)
    workdays = work_calendar(begin.year, end.year)
    cells = tuple(
        tuple(
            DayCell(
                on=on,
                inside=on.month == first.month,
                today=on == today,
                workday=workdays.is_workday(on),
                duties=tuple(named.get(on, ())),
                total=counts.get(on, (0, 0))[0],
                late=counts.get(on, (0, 0))[1],
            )
            for on in week
        )
        for week in weeks
    )
    return Month(first, cells, sum(cell.total for week in cells for cell in week if cell.inside))


def _rows(actor: Actor, begin: date, end: date, mine: bool) -> QuerySet[Duty]:
    rows = duties_visible(actor).filter(state=DutyState.OPEN, due__gte=begin, due__lte=end)
    return rows.filter(pk__in=my_duty_ids(actor, until=end)) if mine else rows


def _named(rows: QuerySet[Duty], today: date) -> dict[date, list[Shown]]:
    place = Window(RowNumber(), partition_by=F("due"), order_by=[F("path").asc(), F("rule").asc(), F("pk").asc()])
    first = rows.order_by().annotate(place=place).filter(place__lte=A_DAY).values_list("pk", flat=True)
    keys: list[UUID] = list(first)
    found: dict[date, list[Shown]] = defaultdict(list)
    overrides = Overrides.on(today)
    picked = Duty.objects.unscoped("keys of rows in sight").filter(Q(pk__in=keys)).select_related("person", "unit")
    for duty in picked.order_by("due", "path", "rule", "pk"):
        if duty.due is not None:
            found[duty.due].append(shown(duty, overrides, today))
    return found


def neighbours(first: date) -> tuple[date, date]:
    """The first days of the months before and after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)
