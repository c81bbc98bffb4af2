"""What a posting says, how long it hangs, and what may become of it: pure functions, no database."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from liaoyuan.foundation.regulations.dates import working_period_end

OPEN, AWAITING, CLOSED, WITHDRAWN = "open", "awaiting", "closed", "withdrawn"
NO_OBJECTION, UPHELD, DISMISSED = "no_objection", "objections_upheld", "objections_dismissed"

LEAD_MOST, ROWS_MOST, LABEL_MOST, VALUE_MOST = 2000, 40, 40, 400


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a posting: an opening paragraph, rows of label and value, a closing paragraph. Plain text."""

    lead: str
    rows: tuple[tuple[str, str], ...] = ()
    closing: str = ""

    def to_json(self) -> dict[str, object]:
        """As it is stored."""
        return {"lead": self.lead, "rows": [list(row) for row in self.rows], "closing": self.closing}

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Body":
        """From ``to_json``."""
        rows = stored.get("rows") or []
        pairs = tuple((str(row[0]), str(row[1])) for row in rows)  # type: ignore[attr-defined]  # a JSON list
        return cls(str(stored.get("lead", "")), pairs, str(stored.get("closing", "")))


def body_problem(body: Body) -> str:
    """What is wrong with a body, or ""."""
    if sum(character.isalnum() for character in body.lead) < 2:
        return "请写明公示的内容"
    if len(body.lead) > LEAD_MOST or len(body.closing) > LEAD_MOST:
        return f"公示正文每段最多 {LEAD_MOST} 字"
    if len(body.rows) > ROWS_MOST:
        return f"公示表格最多 {ROWS_MOST} 行"
    for label, value in body.rows:
        if not label.strip() or len(label) > LABEL_MOST or len(value) > VALUE_MOST:
            return f"公示表格每行须有名称（最多 {LABEL_MOST} 字），内容最多 {VALUE_MOST} 字"
    return ""


def content_bytes(*, title: str, body: Mapping[str, object], places: Sequence[tuple[str, str]], receiver: str) -> bytes:
    """What the content hash is taken of: the same words give the same bytes."""
    content = {"title": title, "body": body, "places": sorted(list(place) for place in places), "receiver": receiver}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a posting. ``provisional``: some year in it has no notice of working days yet (暂算)."""

    starts_on: date
    last_day: date
    provisional: bool


def period(
    starts_on: date,
    days: int,
    *,
    count_first: bool,
    is_workday: Callable[[date], bool],
    is_provisional: Callable[[date], bool],
) -> Period:
    """From the day of posting to the last of ``days`` whole working days; the next step is lawful the day after.
    ``count_first`` is the day-one setting (WD-08)."""
    last = working_period_end(starts_on, days, is_workday, count_first=count_first)
    return Period(starts_on, last, is_provisional(starts_on) or is_provisional(last))


def over(last_day: date, today: date) -> bool:
    """Whether the period is over: from the day after the last day."""
    return today > last_day


def allowed_results(objections: int) -> frozenset[str]:
    """What may be concluded: with objections, they were upheld or dismissed; without, there were none."""
    return frozenset({UPHELD, DISMISSED}) if objections else frozenset({NO_OBJECTION})
