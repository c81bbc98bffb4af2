"""The year plan: what falls due, and what becomes lawful, in each month of a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.progress import CANDIDATE
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.rules.timeline import DONE, next_review
from liaoyuan.affairs.admission.selectors.cases import CaseState, case_states, cases
from liaoyuan.kernel import paths
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit

MOST = 2000
# Steps whose earliest day is worth planning for, in words.
_MILESTONES = {
    Step.PROPOSE: "可讨论列为发展对象",
    Step.MEETING: "最早可提交支部大会",
    Step.CONVERSION_MEETING: "预备期满，讨论转正",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry: a day, whose, what; ``due``: a last day, otherwise the first lawful one."""

    on: date
    case: Case
    words: str
    due: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month's entries."""

    number: int
    entries: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A year. ``listable``, ``convertible``: how many may be listed, and whose probation ends."""

    year: int
    unit: Unit
    months: tuple[Month, ...]
    listable: int
    acceptable: int
    convertible: int
    more: bool


def plan(actor: Actor, unit: Unit, year: int) -> Plan:
    """The plan of a unit from ``board.unit_for``. A constant number of queries."""
    rows = cases(actor).filter(closed_as="", path__gte=unit.path, path__lt=paths.upper(unit.path))
    found = list(rows.order_by("path", "person__pinyin")[: MOST + 1])
    entries = [one for state in case_states(found[:MOST]) for one in _entries(state) if one.on.year == year]
    months = []
    for number in range(1, 13):
        of_month = sorted((one for one in entries if one.on.month == number), key=lambda one: (one.on, one.case.path))
        months.append(Month(number, tuple(of_month)))
    return Plan(
        year=year,
        unit=unit,
        months=tuple(months),
        listable=sum(one.words == _MILESTONES[Step.PROPOSE] for one in entries),
        acceptable=sum(one.words == _MILESTONES[Step.MEETING] for one in entries),
        convertible=sum(one.words == _MILESTONES[Step.CONVERSION_MEETING] for one in entries),
        more=len(found) > MOST,
    )


def _entries(state: CaseState) -> Iterator[Planned]:
    for line in state.lines:
        if line.state == DONE:
            continue
        # Of an activist, the meeting is too far off to be planned for.
        far = line.step == Step.MEETING and state.progress.standing != CANDIDATE
        if line.step in _MILESTONES and line.earliest is not None and not far:
            yield Planned(line.earliest, state.case, _MILESTONES[line.step], due=False)
        if line.latest is not None and line.step != Step.CULTIVATE:
            words = _("%(name)s的最后一天") % {"name": line.name}
            yield Planned(line.latest, state.case, words, due=True)
    review = next_review(state.progress, state.limits)
    if review is not None and not state.progress.has(Step.CONSENT):
        yield Planned(review, state.case, _("半年考察"), due=True)
