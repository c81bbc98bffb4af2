"""What the rule book says for a case: read once for a page, however many cases it shows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.affairs.admission.rules.limits import Limits, limits_from, parameter_names
from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.rules import Document, parse_value
from liaoyuan.foundation.regulations.selectors import Calendar, calendar, document_on

FAMILY = "admission"
COUNTS_FIRST = "posting.counts_first_day"
_YEARS = 3  # of the calendar, from last year on: postings are near


@dataclass(slots=True)
class Book:
    """The numbers of both texts with the units' overrides on a day. Two queries, however many cases follow."""

    on: date
    overrides: list[ParameterOverride] = field(default_factory=list)
    calendar: Calendar | None = None
    _known: dict[tuple[str, str], Limits] = field(default_factory=dict)

    @classmethod
    def of(cls, on: date) -> "Book":
        """Read it."""
        rows = ParameterOverride.objects.unscoped("a rule binds whether or not the reader may see who set it").filter(
            parameter__in=[*(f"{FAMILY}.{key}" for key in parameter_names().values()), COUNTS_FIRST], since__lte=on
        )
        live = [row for row in rows if row.until is None or row.until >= on]
        live.sort(key=lambda row: (len(row.path), row.since.toordinal(), row.recorded_at.timestamp()))
        return cls(on, live, calendar(on.year - 1, on.year + _YEARS - 2))

    def limits(self, text_of: date, path: str) -> Limits:
        """The limits of a case begun on ``text_of`` in the unit with ``path``."""
        document = document_on(FAMILY, text_of)
        nearest = max((row.path for row in self.overrides if path.startswith(row.path)), key=len, default="")
        key = (document.id, nearest)
        if key not in self._known:
            self._known[key] = self._build(document, path)
        return self._known[key]

    def _build(self, document: Document, path: str) -> Limits:
        values: dict[str, Any] = {name: one.value for name, one in document.parameters.items()}
        posting = document_on("posting", self.on).parameters["counts_first_day"]
        count_first = bool(posting.value)
        for row in self.overrides:  # the nearest unit's latest comes last
            if not path.startswith(row.path):
                continue
            if row.parameter == COUNTS_FIRST:
                count_first = bool(parse_value(posting.type, row.value))
                continue
            name = row.parameter.partition(".")[2]
            if name in document.parameters:
                values[name] = parse_value(document.parameters[name].type, row.value)
        days = self.calendar
        return limits_from(
            document, values, is_workday=days.is_workday if days is not None else None, count_first=count_first
        )
