"""Numbers that bind a unit, as pure rules take them: whole numbers with the clause that a user reads.

Rules get a ``Limits``: ``TEXTS`` says what the texts say; ``limits_at(path)`` knows besides what units have set for
themselves, with one query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.rules import Duration, Value, parse_value
from liaoyuan.foundation.regulations.selectors import every_override, parameter


@dataclass(frozen=True, slots=True)
class Limit:
    """One number on a day: ``value`` counts things, days, or (of a length of time) calendar months. ``changed`` is who
    set it for himself, in words; what one reads is put together only when asked: a roster takes a million numbers."""

    value: int
    exact: Value
    title: str
    number: str
    changed: str = ""

    @property
    def words(self) -> str:
        """The number as one says it."""
        return str(self.exact)

    @property
    def clause(self) -> str:
        """Where it stands, and who changed it."""
        return _("《%(title)s》第%(clause)s条") % {"title": self.title, "clause": self.number} + self.changed


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers that bind the unit with ``path``: ``limits("branch.term", on)``."""

    path: str = ""
    overrides: Mapping[str, tuple[ParameterOverride, ...]] = field(default_factory=dict)

    def __call__(self, parameter_id: str, on: date) -> Limit:
        """The number of ``family.key`` on a day; before the first text, the first one's. Raises KeyError for a name
        that no text knows, TypeError for what is no number."""
        for row in self.overrides.get(parameter_id, ()):
            if self.path.startswith(row.path) and row.since <= on and (row.until is None or on <= row.until):
                document, found = parameter(parameter_id, on=on)
                changed = _("，%(unit)s自%(since)s起调整") % {"unit": row.unit_name, "since": row.since}
                return _limit(parse_value(found.type, row.value), document.title, found.clause, changed)
        return _said(parameter_id, on)

    def at(self, path: str) -> "Limits":
        """Those of another unit, without a query."""
        return replace(self, path=path)


TEXTS = Limits()


def limits_at(path: str = "") -> Limits:
    """The numbers that bind a unit today and earlier, overrides included. One query."""
    return Limits(path, every_override())


@lru_cache(maxsize=2**14)
def _said(parameter_id: str, on: date) -> Limit:
    """What the text of a day says. A roster asks the same of thousands."""
    document, found = parameter(parameter_id, on=on)
    return _limit(found.value, document.title, found.clause)


def _limit(value: Value, title: str, number: str, changed: str = "") -> Limit:
    if isinstance(value, Duration) and not value.days:
        return Limit(value.months, value, title, number, changed)
    if isinstance(value, int) and not isinstance(value, bool):
        return Limit(value, value, title, number, changed)
    raise TypeError(f"{value!r} is no number")
