"""The step line: for every step what is done, what is next, its earliest lawful day, its last day, the slack, what is
missing and who holds the ball.

Earliest days of steps ahead are worked out from each other, as if everything were done on its first lawful day. A last
day stands only where the day it is counted from is known; otherwise the term is given in words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS, OPINION_SOURCES, Limits
from liaoyuan.affairs.admission.rules.listing import posting_end
from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.affairs.admission.rules.steps import (
    HOLDERS,
    STEPS,
    Holder,
    Stage,
    Step,
    step_name,
    step_record,
)
from liaoyuan.affairs.admission.rules.transfer import lacking
from liaoyuan.foundation.regulations.dates import after
from liaoyuan.foundation.regulations.rules import Duration

DONE, CURRENT, OPEN, WAITING = "done", "current", "open", "waiting"
SOON = 14  # days of slack under which a step is shown as soon due (design)


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the line. ``state``: done, current (the case stands here), open (may be done now too) or waiting.
    ``assumed``: done before the platform, its day unknown. ``slack``: days left; negative = overdue; None = no limit.
    ``level``: ok, soon, late, info or muted."""

    step: Step
    stage: Stage
    name: str
    record: str
    state: str
    clause: str
    done_on: date | None = None
    assumed: bool = False
    earliest: date | None = None
    latest: date | None = None
    slack: int | None = None
    within: str = ""
    missing: tuple[str, ...] = ()
    holder: str = ""
    note: str = ""
    level: str = "muted"

    @property
    def overdue(self) -> int:
        """Days past the last day; 0 where there are none."""
        return max(0, -(self.slack or 0))

    @property
    def number(self) -> int:
        """The step's number on the chart."""
        return int(self.step)


def timeline(state: Progress, limits: Limits, *, today: date) -> list[Line]:
    """Every step of the case, in order."""
    current = state.step
    first_days = earliest_days(state, limits, today=today)
    return [_line(step, state, limits, today, current, first_days) for step in Step]


def next_line(lines: list[Line]) -> Line | None:
    """The step the case stands at; None where it is closed."""
    return next((line for line in lines if line.state == CURRENT), None)


def most_urgent(lines: list[Line]) -> Line | None:
    """Among the steps that may be done now, the one with the least slack; the current one where none has a limit."""
    dated = [line for line in lines if line.slack is not None and line.state in {CURRENT, OPEN}]
    return min(dated, key=lambda line: (line.slack, line.number), default=next_line(lines))


def earliest_days(state: Progress, limits: Limits, *, today: date) -> dict[Step, date]:
    """The first lawful day of every undone step, none before today; the day of every done one where it is known."""
    days: dict[Step, date] = {}
    for step in Step:
        if state.has(step):
            done = state.done[step]
            if done is not None:
                days[step] = done
            continue
        floors = [days[one] for one in STEPS[step].needs if one in days]
        floors += _own_floor(step, state, limits, days, today)
        days[step] = max([today, *floors])
    return days


def _own_floor(step: Step, state: Progress, limits: Limits, days: Mapping[Step, date], today: date) -> list[date]:
    """Terms that must have passed before ``step``, beside what it needs."""
    if step in {Step.CULTIVATE, Step.PROPOSE} and Step.ACTIVIST in days:
        return [after(days[Step.ACTIVIST], limits.cultivate)]
    if step == Step.CONSENT and limits.needs_consent:
        if state.posting_until is not None:
            return [state.posting_until + timedelta(days=1)]
        begins = days.get(Step.PROPOSE)
        # Not posted yet: the earliest posting begins today.
        ends = posting_end(max(begins, today), limits) if begins is not None else None
        return [ends + timedelta(days=1)] if ends is not None else []
    if step in {Step.CARE, Step.CONVERSION_APPLY, Step.CONVERSION_MEETING}:
        expiry = state.probation_until
        if expiry is None and Step.MEETING in days:
            expiry = after(days[Step.MEETING], limits.probation)
        return [expiry] if expiry is not None else []
    return []


def next_review(state: Progress, limits: Limits) -> date | None:
    """The day by which the next half-year review is due; every term counts from the first day (DM-07), or from the one
    on which a candidate became an activist again. Of a case taken over, terms that had ended before are not asked
    for; nor are those of which somebody said that they were missed, and what made up for one counts for no other."""
    first = state.reviewed_from or state.activist_on
    if first is None:
        return None
    reviews, used = _reviews_left(state), 0
    begin, times = first, 1
    while True:
        due = after(first, limits.review_every, times=times)
        if (state.known_from is not None and due < state.known_from) or begin in state.missed_reviews:
            begin, times = due, times + 1
            continue
        while used < len(reviews) and reviews[used] <= begin:
            used += 1
        if used == len(reviews):
            return due
        used += 1
        begin, times = due, times + 1


def _reviews_left(state: Progress) -> list[date]:
    """Reviews without those that made up for a missed one, one for each."""
    left = list(state.reviews)
    for day in state.made_up:
        if day in left:
            left.remove(day)
    return left


def last_day(step: Step, state: Progress, limits: Limits) -> tuple[date | None, str]:
    """``(last day, the term in words)`` of an undone step; (None, "") where the text sets none."""
    begun, length, words = _TERMS.get(step, _none)(state, limits)  # the day itself where there is no length
    if length is None:
        return begun if words else None, words
    return (after(begun, length) if begun is not None else None), words


_Term = tuple[date | None, Duration | None, str]


def _none(state: Progress, limits: Limits) -> _Term:
    return None, None, ""


def _talk(state: Progress, limits: Limits) -> _Term:
    return state.applied_on, limits.talk_within, f"收到申请书后{limits.talk_within}内"


def _cultivate(state: Progress, limits: Limits) -> _Term:
    return next_review(state, limits), None, f"每{limits.review_every}考察一次"


def _meeting(state: Progress, limits: Limits) -> _Term:
    if limits.meeting_within is None or Act.MEETING in state.acts or state.redone_on is not None:
        return None, None, ""
    return state.pre_reviewed_on, limits.meeting_within, f"预审合格后{limits.meeting_within}内"


def _approve(state: Progress, limits: Limits) -> _Term:
    length = limits.approval_at_most if state.longer else limits.approval_within
    return state.reported_on, length, f"决议上报后{length}内"


def _oath(state: Progress, limits: Limits) -> _Term:
    if limits.oath_within is None:
        return None, None, ""
    return state.approved_on, limits.oath_within, f"批准后一般{limits.oath_within}内"


def _conversion(state: Progress, limits: Limits) -> _Term:
    if state.postponed_until is not None:
        return state.postponed_until, None, "推迟讨论的期限"
    return None, None, ""


def _conversion_approve(state: Progress, limits: Limits) -> _Term:
    length = limits.conversion_approval_within
    return state.conversion_reported_on, length, f"决议上报后{length}内"


_TERMS = MappingProxyType(
    {
        Step.TALK: _talk,
        Step.CULTIVATE: _cultivate,
        Step.MEETING: _meeting,
        Step.APPROVAL_TALK: _approve,
        Step.APPROVE: _approve,
        Step.OATH: _oath,
        Step.CONVERSION_MEETING: _conversion,
        Step.CONVERSION_APPROVE: _conversion_approve,
    }
)


def _line(
    step: Step,
    state: Progress,
    limits: Limits,
    today: date,
    current: Step | None,
    first_days: Mapping[Step, date],
) -> Line:
    info = STEPS[step]
    clause = next((words for fact in info.facts if (words := limits.clause(fact))), "")
    name = step_name(step, needs_consent=limits.needs_consent)
    record = step_record(step, needs_consent=limits.needs_consent)
    if state.has(step):
        return Line(
            step, info.stage, name, record, DONE, clause, done_on=state.done[step], assumed=step in state.assumed,
            level="ok",
        )  # fmt: skip
    if state.closed:
        return Line(step, info.stage, name, record, WAITING, clause)
    # The half-year's review goes on being due while mentors are being replaced.
    ready = state.ready(step) or (step == Step.CULTIVATE and bool(state.unfit_mentors))
    place = CURRENT if step == current else OPEN if ready else WAITING
    latest, within = last_day(step, state, limits)
    slack = (latest - today).days if latest is not None else None
    prompt = _prompt(step, state, today)
    return Line(
        step,
        info.stage,
        name,
        record,
        place,
        clause,
        earliest=first_days.get(step),
        latest=latest,
        slack=slack,
        within=within,
        missing=(*_papers(place, state), *missing(step, state, limits, today=today)),
        holder=HOLDERS[holder(step, state, limits)] if ready else "",
        note=prompt,
        level=_level(place, slack, prompt),
    )


def _papers(place: str, state: Progress) -> Iterator[str]:
    """What the step at which the case stands waits for since its person moved."""
    words = lacking(state)
    if place == CURRENT and words:
        yield words


def _level(place: str, slack: int | None, prompt: str) -> str:
    if slack is not None and slack < 0:
        return "late"
    if prompt:
        return "late"
    if slack is not None and slack <= SOON:
        return "soon"
    return "info" if place in {CURRENT, OPEN} else "muted"


def _prompt(step: Step, state: Progress, today: date) -> str:
    """The probation is over and the meeting has not been held: "及时", no number (DM-40)."""
    if step not in {Step.CONVERSION_APPLY, Step.CONVERSION_MEETING} or state.postponed_until is not None:
        return ""
    ends = state.probation_until
    return "预备期已满，应当及时讨论" if ends is not None and today > ends else ""


def holder(step: Step, state: Progress, limits: Limits) -> Holder:
    """Who has to act next within a step: some steps pass from hand to hand."""
    if step == Step.CONSENT and limits.needs_consent:
        return Holder.BRANCH if Act.CONSENT in state.acts else Holder.SUPERIOR
    if step == Step.MEETING and Act.MEETING in state.acts:
        return Holder.BRANCH
    if step == Step.CONVERSION_MEETING:
        if Act.CONVERSION_CHECK not in state.acts:
            return Holder.COMMITTEE
        return Holder.BRANCH if Act.CONVERSION_MEETING in state.acts else Holder.MEETING
    return STEPS[step].holder


def missing(step: Step, state: Progress, limits: Limits, *, today: date) -> Iterator[str]:
    """What stands between the case and the end of a step, in words."""
    if step in {Step.MENTORS, Step.CULTIVATE} and state.unfit_mentors:
        yield f"更换培养联系人：{'、'.join(state.unfit_mentors)}"
    if step == Step.PROPOSE:
        yield from (f"听取{OPINION_LABELS[one]}意见" for one in OPINION_SOURCES if one not in state.sources)
        if state.activist_on is not None and today < (first := after(state.activist_on, limits.cultivate)):
            yield f"培养考察满{limits.cultivate}（{first:%Y-%m-%d}）"
    elif step == Step.CONSENT and limits.needs_consent:
        if Act.CONSENT not in state.acts:
            yield "上级党委同意"
        if Act.POSTED not in state.acts:
            yield f"公示不少于 {limits.posting_days} 个工作日"
    elif step == Step.MEETING:
        if Act.MEETING not in state.acts:
            yield "支部大会表决"
        else:
            yield "上报决议"
    elif step == Step.CONVERSION_MEETING:
        if Act.CONVERSION_CHECK not in state.acts:
            yield "征求意见、支委会审查"
        if Act.CONVERSION_MEETING not in state.acts:
            yield "支部大会表决"
        else:
            yield "上报决议"
    for one in STEPS[step].needs:
        if not state.has(one):
            yield f"第{int(one)}步“{step_name(one, needs_consent=limits.needs_consent)}”"
