"""What papers are drawn up from, and what they have in common. What is not known is left blank to be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liaoyuan.activity.orglife.selectors import motions_of_subject
from liaoyuan.activity.orglife.selectors.pages import resolution_of
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import can_read
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.sheets import SHEETS
from liaoyuan.affairs.admission.selectors.cases import CaseState, case_state, history
from liaoyuan.affairs.admission.selectors.page import SUBJECT
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.selectors import facts_of

SIGN = "　　　　　　　"
NO_DAY = "　　　　年　　月　　日"
Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A case with its live records by act, in order, evidence at hand; what signed resolutions say of the person, by
    motion."""

    state: CaseState
    case: Case
    records: Mapping[str, list[StepRecord]]
    performances: Mapping[str, str]

    @property
    def name(self) -> str:
        """The person's."""
        return str(self.case.person.name)

    @property
    def branch(self) -> str:
        """The branch's name."""
        return str(self.case.unit.name)

    def voted_by(self, record: StepRecord) -> str:
        """The branch whose meeting it was."""
        return str(record.detail.get("branch") or self.branch)

    def last(self, act: Act) -> StepRecord | None:
        """The latest record of an act."""
        found = self.records.get(act, [])
        return found[-1] if found else None

    def performance(self, record: StepRecord) -> str:
        """The main performance as the resolution that was signed has it; "" where a meeting was held on paper."""
        return self.performances.get(str(record.detail.get("motion", "")), "")

    def need(self, act: Act) -> StepRecord:
        """The latest record of an act that is there."""
        return self.records[act][-1]


def source_of(actor: Actor, case: Case) -> Source:
    """What papers are drawn up from. Raises NotPermitted for who may not read the file."""
    can_read(actor, case).require()
    records: dict[str, list[StepRecord]] = {}
    for record in history(case):
        if record.live and record.done_on is not None:
            records.setdefault(record.act, []).append(record)
    motions = motions_of_subject(actor, SUBJECT, str(case.pk))
    signed_ones = {str(one.pk): found.performance for one in motions if (found := resolution_of(one)) is not None}
    return Source(case_state(case), case, records, signed_ones)


def title(kind: str) -> str:
    """The paper's name."""
    return SHEETS[kind][0]


def told(record: StepRecord | None, key: str, blank: str = "") -> str:
    """One thing that an act carries; ``blank`` where it does not."""
    value = record.detail.get(key) if record is not None else None
    if isinstance(value, list):
        return "、".join(str(one) for one in value) or blank
    return str(value) if value not in (None, "") else blank


def blank(text: str, length: int = 6) -> str:
    """``text``, or a line to write on."""
    return text or "＿" * length


def day(on: date | str | None) -> str:
    """A day as papers write it, with room for it where it is not known."""
    if isinstance(on, str):
        on = date.fromisoformat(on) if on else None
    return f"{on.year}年{on.month}月{on.day}日" if on is not None else NO_DAY


def person_rows(source: Source) -> Rows:
    """Who it is about."""
    person, facts = source.case.person, facts_of(source.case.person)
    birth = person.birth_date
    return (
        ("姓名", source.name),
        ("性别", facts.sex),
        ("民族", facts.ethnicity),
        ("出生年月", f"{birth.year}年{birth.month}月" if birth else ""),
        ("籍贯", person.native_place),
        ("学历", facts.education),
        ("所在单位及职务", f"{source.case.unit.host_body or source.branch} {person.position}".strip()),
        ("申请入党日期", day(source.case.started_on)),
    )


def signed(source: Source, who: str, on: date | None, *, branch: str = "") -> tuple[str, ...]:
    """Who signs for the branch (the case's own, or ``branch``), and when."""
    return (f"{who}（签名）：{SIGN}", branch or source.branch, day(on))


def sealed(on: date | None) -> tuple[str, ...]:
    """The committee's seal and the day."""
    return ("（党委盖章）", day(on))


def ended(words: str) -> str:
    """A sentence with one full stop at its end; nothing for nothing."""
    return f"{words.rstrip('。')}。" if words else ""
