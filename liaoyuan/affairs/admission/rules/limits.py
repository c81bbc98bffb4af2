"""What the text that binds a case asks in numbers. Filled by ``selectors.limits`` from the rule book; none stands here.

A case follows the text in force on the day of its application (2014 or 2026) to its end. Where a text sets no limit,
the field is None: the text of 2014 has none for the branch meeting and the oath, and asks for no posting.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from liaoyuan.foundation.regulations.rules import Document, Duration

OPINION_SOURCES = ("group", "mentors", "members", "masses")
OPINION_LABELS = {"group": "党小组", "mentors": "培养联系人", "members": "党员", "masses": "群众"}
# Article on conversion: the mentors' part has ended by then.
CONVERSION_SOURCES = ("group", "members", "masses")


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of one case. ``clauses`` maps rows of the rules table to 《…》第…条 of the binding text; ``is_workday``
    is the calendar; ``count_first`` whether the posting's first day counts."""

    text: str
    minimum_age: int
    talk_within: Duration
    mentors_least: int
    mentors_most: int
    review_every: Duration
    cultivate: Duration
    needs_consent: bool
    posting_days: int | None
    introducers: int
    penalty_warns: bool
    training_days: int
    training_hours: int
    leaving_within: Duration
    meeting_within: Duration | None
    approval_within: Duration
    approval_at_most: Duration
    oath_within: Duration | None
    probation: Duration
    extension_least: Duration
    extension_most: Duration
    extensions_most: int
    conversion_approval_within: Duration
    postponement_at_most: Duration
    clauses: Mapping[str, str] = field(default_factory=dict)
    is_workday: Callable[[date], bool] = lambda day: day.weekday() < 5
    count_first: bool = False

    def clause(self, fact: str) -> str:
        """《…》第…条 for a row of the rules table; "" where the text has none."""
        return self.clauses.get(fact, "")


# Field of Limits → key of the parameter in the admission text, where the two differ.
KEYS = {
    "cultivate": "activist_before_candidate",
    "review_every": "activist_review_every",
    "posting_days": "candidate_posting",
    "needs_consent": "candidate_needs_consent",
    "penalty_warns": "introducer_penalty_is_warning",
    "minimum_age": "minimum_age_years",
}
_NOT_PARAMETERS = {"text", "clauses", "is_workday", "count_first"}
MAY_BE_MISSING = frozenset({"posting_days", "meeting_within", "oath_within"})


def parameter_names() -> dict[str, str]:
    """Field of Limits → key of its parameter."""
    return {one.name: KEYS.get(one.name, one.name) for one in fields(Limits) if one.name not in _NOT_PARAMETERS}


def limits_from(
    document: Document,
    values: Mapping[str, Any],
    *,
    is_workday: Callable[[date], bool] | None = None,
    count_first: bool = False,
) -> Limits:
    """The limits that ``values`` (parameter key → value) of one text give. Raises KeyError where the text lacks a
    number that every text must set."""
    found: dict[str, Any] = {
        name: values.get(key) if name in MAY_BE_MISSING else values[key] for name, key in parameter_names().items()
    }
    clauses = {
        fact: f"《{document.title}》第{clause.number}条"
        for clause in document.clauses.values()
        for fact in clause.facts
    }
    more: dict[str, Any] = {} if is_workday is None else {"is_workday": is_workday}
    return Limits(text=f"《{document.title}》", clauses=clauses, count_first=count_first, **found, **more)
