"""The work calendar: seeded from the chinesecalendar package, mended by hand when a new notice comes."""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.models import WorkDay
from liaoyuan.foundation.regulations.policies import can_edit_calendar
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor

FIRST_YEAR = 2014  # the first year of the older admission text


def calendar_seed() -> int:
    """Fill in every year that the package knows and the table does not; years already there, changed by hand or not,
    stay as they are. Returns the number of days written. Never fails on a year without data (WD-01)."""
    have = {day.year for day in WorkDay.objects.values_list("day", flat=True)}
    rows: list[WorkDay] = []
    for year in range(FIRST_YEAR, FIRST_YEAR + 100):
        if year in have:
            continue
        try:
            rows += _year(year)
        except NotImplementedError:
            break
    WorkDay.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    return len(rows)


def _year(year: int) -> list[WorkDay]:
    """Every day of a year. Raises NotImplementedError where the package has no notice for it."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    source = f"国务院办公厅{year}年节假日安排"
    return [WorkDay(day=day, is_workday=chinese_calendar.is_workday(day), source=source) for day in days]


def calendar_set(*, actor: Actor, days: Mapping[date, bool], source: str) -> int:
    """Write days of a new notice. A year touched for the first time is filled by weekday, so that it is no longer
    暂算. Returns the number of days given. Raises DomainError without a source or without days."""
    can_edit_calendar(actor).require()
    if not source.strip():
        raise DomainError(_("请写明依据，例如“国务院办公厅2027年节假日安排”。"), field="source")
    if not days:
        raise DomainError(_("没有读到任何日期。"), field="days")
    with unit_of_work():
        for year in {day.year for day in days}:
            if not WorkDay.objects.filter(day__year=year).exists():
                first = date(year, 1, 1)
                whole = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
                WorkDay.objects.bulk_create(
                    [WorkDay(day=day, is_workday=day.weekday() < 5, source=source) for day in whole]
                )
        WorkDay.objects.bulk_create(
            [WorkDay(day=day, is_workday=worked, source=source) for day, worked in days.items()],
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["is_workday", "source"],
        )
        record(
            actor,
            "regulations.calendar_set",
            object_type="calendar",
            object_label=source,
            detail={"days": {str(day): worked for day, worked in days.items()}},
        )
    return len(days)
