"""The two texts as limits, and acts of a whole case, for tests without a database."""

from datetime import date
from typing import Any

from liaoyuan.affairs.admission.rules.acts import Act, Happened
from liaoyuan.affairs.admission.rules.limits import Limits, limits_from
from liaoyuan.foundation.regulations.rules import Document, read_folder, version_on
from liaoyuan.foundation.regulations.selectors import FOLDER

DOCUMENTS = read_folder(FOLDER)
BEFORE, AFTER = date(2026, 5, 10), date(2026, 5, 11)
WEEKEND = {5, 6}


def text_on(day: date) -> Document:
    return version_on(DOCUMENTS, "admission", day)


def limits_on(day: date, **values: Any) -> Limits:
    document = text_on(day)
    known = {key: parameter.value for key, parameter in document.parameters.items()} | values
    return limits_from(document, known)


OLD, NEW = limits_on(BEFORE), limits_on(AFTER)


def did(act: str, on: str | None, *, back_filled: bool = False, **detail: Any) -> Happened:
    return Happened(Act(act), date.fromisoformat(on) if on else None, detail, back_filled)


# One case by the book under the text of 2026, each act on the earliest sensible day.
WHOLE = (
    did("apply", "2026-06-01"),
    did("talk", "2026-06-15", who="甲书记", mode="phone"),
    did("activist", "2026-09-01"),
    did("file_activist", "2026-09-05"),
    did("mentors", "2026-09-06", people=["a", "b"]),
    did("review", "2027-03-01", result="good"),
    did("review", "2027-08-30", result="good"),
    did("opinion", "2027-09-01", source="group"),
    did("opinion", "2027-09-01", source="mentors"),
    did("opinion", "2027-09-01", source="members"),
    did("opinion", "2027-09-01", source="masses"),
    did("propose", "2027-09-01"),
    did("consent", "2027-09-06", agreed=True),
    did("post", "2027-09-07", ends_on="2027-09-14"),
    did("posted", "2027-09-15", clear=True),
    did("list", "2027-09-15"),
    did("introducers", "2027-09-16", people=["a", "b"]),
    did("political_review", "2027-09-28", passed=True),
    did("training", "2027-10-12", days=3, hours=24),
    did("committee_check", "2027-10-15", qualified=True),
    did("pre_review", "2027-10-20", qualified=True),
    did("form", "2027-10-25"),
    did("meeting", "2027-11-05", passed=True),
    did("report", "2027-11-08"),
    did("approval_talk", "2027-11-20", who="乙委员"),
    did("approve", "2027-12-01", agreed=True),
    did("file_member", "2027-12-05"),
    did("place", "2027-12-06"),
    did("oath", "2027-12-20"),
    did("care", "2028-06-01", result="good"),
    did("conversion_apply", "2028-11-05"),
    did("conversion_check", "2028-11-08", sources=["group", "members", "masses"], outcome="convert"),
    did("conversion_meeting", "2028-11-10", passed=True, outcome="convert"),
    did("conversion_report", "2028-11-12"),
    did("conversion_approve", "2028-12-01", agreed=True),
    did("archive", "2028-12-20"),
)


def until(act: str, *, but: tuple[str, ...] = ()) -> list[Happened]:
    """The acts of the whole case before ``act``, without ``but``."""
    index = next(at for at, one in enumerate(WHOLE) if one.act == act)
    return [one for one in WHOLE[:index] if one.act not in but]
