"""What the regulations say: which version, which value, and where the value comes from."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.models import ParameterOverride, WorkDay
from liaoyuan.foundation.regulations.rules import (
    SURE,
    Clause,
    Document,
    Parameter,
    Value,
    parse_value,
    read_folder,
    version_on,
)

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Effective:
    """A parameter's value on a day for a unit, with the document it comes from and the override that changed it."""

    parameter: Parameter
    document: Document
    value: Value
    override: ParameterOverride | None = None

    @property
    def clause(self) -> Clause:
        """The article that the parameter rests on."""
        return self.document.clauses[self.parameter.clause]

    @property
    def origin(self) -> str:
        """One sentence that answers "why this number?"."""
        text = _("《%(title)s》第%(clause)s条（%(sure)s）") % {
            "title": self.document.title,
            "clause": self.parameter.clause,
            "sure": SURE[self.parameter.sure],
        }
        if self.override is None:
            return text
        return _("%(text)s；%(unit)s自%(since)s起调整：%(reason)s") % {
            "text": text,
            "unit": self.override.unit_name,
            "since": self.override.since,
            "reason": self.override.reason,
        }


@cache
def documents() -> tuple[Document, ...]:
    """Every regulation in the package. Raises RegulationError naming file and line where one is wrong."""
    return read_folder(FOLDER)


def document_on(family: str, on: date) -> Document:
    """The version of a regulation in force on a day."""
    return version_on(documents(), family, on)


def parameter(parameter_id: str, *, on: date) -> tuple[Document, Parameter]:
    """The parameter ``family.key`` of the version in force on a day. Raises KeyError where that version has none: the
    2014 admission text, for instance, sets no term for the branch meeting."""
    family, _dot, key = parameter_id.partition(".")
    document = document_on(family, on)
    return document, document.parameters[key]


def effective(parameter_id: str, *, on: date, path: str = "", text_of: date | None = None) -> Effective:
    """The value that binds the unit with ``path`` on a day. ``text_of`` picks the version of the text where it is not
    the day's own (a case begun under the old text follows it to the end). Raises KeyError as ``parameter`` does."""
    document, found = parameter(parameter_id, on=text_of or on)
    for override in overrides(parameter_id, on=on):
        if path.startswith(override.path):
            return Effective(found, document, parse_value(found.type, override.value), override)
    return Effective(found, document, found.value)


def overrides(parameter_id: str, *, on: date) -> list[ParameterOverride]:
    """Overrides of a parameter in force on a day, the nearest unit's first, the latest first among one unit's."""
    return overrides_on(on, parameter_id).get(parameter_id, [])


def overrides_on(on: date, parameter_id: str = "") -> dict[str, list[ParameterOverride]]:
    """Every override in force on a day (or one parameter's), by parameter, in the order of ``overrides``. One query."""
    rows = ParameterOverride.objects.unscoped("a rule binds whether or not the reader may see who set it")
    rows = rows.filter(since__lte=on)
    if parameter_id:
        rows = rows.filter(parameter=parameter_id)
    found: dict[str, list[ParameterOverride]] = {}
    for row in sorted(rows, key=_nearest_and_latest):
        if row.until is None or row.until >= on:
            found.setdefault(row.parameter, []).append(row)
    return found


def every_override() -> dict[str, tuple[ParameterOverride, ...]]:
    """Every override of every day, by parameter, in the order of ``overrides``. One query."""
    found: dict[str, list[ParameterOverride]] = {}
    rows = ParameterOverride.objects.unscoped("a rule binds whether or not the reader may see who set it")
    for row in sorted(rows, key=_nearest_and_latest):
        found.setdefault(row.parameter, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _nearest_and_latest(row: ParameterOverride) -> tuple[int, int, float]:
    return (-len(row.path), -row.since.toordinal(), -row.recorded_at.timestamp())


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of some years, read once. ``provisional(day)`` tells that a year has no notice yet."""

    known: dict[date, bool]
    years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked: by the notice, or by weekday in a year without one (暂算)."""
        return self.known.get(day, day.weekday() < 5)

    def provisional(self, day: date) -> bool:
        """Whether the answer for a day is 暂算."""
        return day.year not in self.years


def calendar(first: int, last: int) -> Calendar:
    """The calendar of the years ``first`` to ``last``, one query."""
    rows = WorkDay.objects.filter(day__gte=date(first, 1, 1), day__lte=date(last, 12, 31))
    known = dict(rows.values_list("day", "is_workday"))
    return Calendar(known, frozenset(day.year for day in known))


def search(text: str, *, on: date) -> list[dict[str, Any]]:
    """Documents with the clauses that mention every word of ``text`` (all of them for ""), newest version first; each
    says whether it is in force."""
    words = text.split()
    found = []
    for document in reversed(documents()):
        clauses = [
            {
                "clause": clause,
                "sure": SURE[clause.sure],
                "parameters": [one for one in document.parameters.values() if one.clause == clause.number],
            }
            for clause in document.clauses.values()
            if all(word in f"{document.title} 第{clause.number}条 {clause.gist} {clause.facts}" for word in words)
        ]
        if clauses:
            found.append({"document": document, "clauses": clauses, "in_force": document.in_force(on)})
    return sorted(found, key=lambda entry: not entry["in_force"])
