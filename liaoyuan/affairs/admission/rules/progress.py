"""Where a case stands: the acts that happened, folded in the order in which they were recorded.

A refusal returns the case: what must be done anew no longer counts as done. Ways back (regulations.md §1.3):

==============================  ==========================================================================
posting raises a problem        back to activist: proposing and consent anew (§13)
superior does not agree         back to activist
political review fails          back to activist: cannot be developed (§16); the year begun at step 3 stands
committee not satisfied         nothing done: stays a candidate, checked again later (§18)
pre-review not satisfied        the committee's check anew (§18)
branch meeting does not pass    stays a candidate; check, pre-review and form anew (§20)
committee does not approve      the same; nobody was a member (§24)
approval later than allowed     a new branch meeting (practice), with a new beginning of the probation; the month
                                after the pre-review was kept by the first one and is not counted anew
probation extended              application, meeting, approval anew at its end, once (§31)
disqualified                    the case is closed (§31)
moved, papers not provable      a probationer is not recognised if the committee approves that: closed (§34);
                                otherwise the papers are completed and examined again (§12, §34)
out of service                  the case is suspended, and goes on where it stood if he comes back
==============================  ==========================================================================
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.affairs.admission.rules import beside
from liaoyuan.affairs.admission.rules.acts import ACTS, CONVERT, DISQUALIFY, EXTEND, Act, Happened
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.steps import STEPS, Step
from liaoyuan.foundation.regulations.dates import after

APPLICANT, ACTIVIST, CANDIDATE = "applicant", "activist", "candidate"
PROBATIONARY, FULL = "probationary", "full"
LADDER = (APPLICANT, ACTIVIST, CANDIDATE, PROBATIONARY, FULL)
DISQUALIFIED, ARCHIVED = "disqualified", "archived"


@dataclass(slots=True)
class Progress:
    """What is done, and the dates that terms are counted from. ``done`` maps a step to its day (None = unknown, in a
    case taken over); ``acts`` are the acts that count for steps under way; ``closed`` says why a case ended."""

    standing: str = ""
    done: dict[Step, date | None] = field(default_factory=dict)
    assumed: set[Step] = field(default_factory=set)
    acts: set[Act] = field(default_factory=set)
    closed: str = ""
    applied_on: date | None = None
    activist_on: date | None = None
    reviews: list[date] = field(default_factory=list)
    reviewed_from: date | None = None  # half-years count from here where he became an activist again
    sources: set[str] = field(default_factory=set)
    heard_on: date | None = None  # when the last of the sources was first heard
    returned_on: date | None = None  # the latest refusal: what is done anew comes after it
    consent_on: date | None = None
    posting_from: date | None = None
    posting_until: date | None = None
    posted_on_walls: bool = False
    posted_on: date | None = None
    candidate_on: date | None = None
    pre_reviewed_on: date | None = None
    redone_on: date | None = None
    meeting_on: date | None = None
    reported_on: date | None = None
    longer: bool = False
    approved_on: date | None = None
    probation_from: date | None = None
    probation_until: date | None = None
    cares: list[date] = field(default_factory=list)
    moved_on: date | None = None
    # The papers of somebody who moved (``rules.beside``): "" where nothing is to be examined, or it was.
    papers: str = ""
    examined_on: date | None = None
    extensions: int = 0
    postponed_until: date | None = None
    outcome: str = ""
    extend_until: date | None = None
    conversion_checked_on: date | None = None
    conversion_meeting_on: date | None = None
    conversion_reported_on: date | None = None
    full_on: date | None = None
    # Mentors who must be replaced, each with the reason (``rules.company``).
    unfit_mentors: tuple[str, ...] = ()
    # First days of half-years whose review was missed, as somebody said, and the days of what made up for them.
    missed_reviews: frozenset[date] = frozenset()
    made_up: tuple[date, ...] = ()
    # From here on the platform can prove what was not done; earlier reviews of a case taken over it cannot know.
    known_from: date | None = None

    def has(self, step: Step) -> bool:
        """Whether the step is done."""
        return step in self.done

    def ready(self, step: Step) -> bool:
        """Whether everything that the step needs is done."""
        return all(one in self.done for one in STEPS[step].needs)

    @property
    def step(self) -> Step | None:
        """The step the case stands at: the first undone one that is ready; None where the case is closed."""
        if self.closed:
            return None
        return next((one for one in Step if one not in self.done and self.ready(one)), None)

    @property
    def developing(self) -> bool:
        """Whether he is past applying and no full member yet."""
        return self.standing in {ACTIVIST, CANDIDATE, PROBATIONARY}

    def rise(self, standing: str) -> None:
        """The act gives this standing; a day filled in later takes no higher one away."""
        if self.standing not in LADDER or LADDER.index(standing) > LADDER.index(self.standing):
            self.standing = standing

    def undo(self, *steps: Step) -> None:
        """These steps must be done anew."""
        for step in steps:
            self.done.pop(step, None)
            self.assumed.discard(step)
            self.acts -= {info.act for info in ACTS.values() if info.step == step}


def fold(happened: Iterable[Happened], limits: Limits, *, known_from: date | None = None) -> Progress:
    """The state that these acts lead to. Never raises for acts that were lawful when recorded. ``known_from``: the day
    on which a case was taken over."""
    state = Progress(known_from=known_from)
    for one in happened:
        _FOLDS.get(one.act, _plain)(state, one, limits)
        step = ACTS[one.act].step
        if one.back_filled and one.on is None and step in state.done:
            state.assumed.add(step)
        elif state.done.get(step) is not None:
            state.assumed.discard(step)
    return state


def _plain(state: Progress, one: Happened, limits: Limits) -> None:
    """Most acts complete their step."""
    state.acts.add(one.act)
    state.done[ACTS[one.act].step] = one.on


def _apply(state: Progress, one: Happened, limits: Limits) -> None:
    _plain(state, one, limits)
    state.rise(APPLICANT)
    state.applied_on = one.on


def _activist(state: Progress, one: Happened, limits: Limits) -> None:
    _plain(state, one, limits)
    state.rise(ACTIVIST)
    state.activist_on = one.on


def _first(state: Progress, one: Happened, limits: Limits) -> None:
    """Naming people anew keeps the day on which it was first done."""
    if state.done.get(ACTS[one.act].step) is None:
        _plain(state, one, limits)


def _review(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    if one.on is not None:
        state.reviews = sorted([*state.reviews, one.on])
    elif one.back_filled:
        state.done[Step.CULTIVATE] = None


def _opinion(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    source = str(one.detail.get("source", ""))
    if source not in state.sources:
        state.heard_on = max(filter(None, (state.heard_on, one.on)), default=None)
    state.sources.add(source)


def _propose(state: Progress, one: Happened, limits: Limits) -> None:
    _plain(state, one, limits)
    state.done[Step.CULTIVATE] = one.on


def _consent(state: Progress, one: Happened, limits: Limits) -> None:
    if not one.detail.get("agreed", True):
        _back_to_activist(state, one)
        return
    state.acts.add(one.act)
    state.consent_on = one.on


def _post(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    state.posting_from = one.on
    state.posting_until = _day(one.detail, "ends_on")
    state.posted_on_walls = bool(one.detail.get("paper"))


def _posted(state: Progress, one: Happened, limits: Limits) -> None:
    if one.detail.get("clear", True):
        state.acts.add(one.act)
        state.posted_on = one.on
    else:
        _back_to_activist(state, one)


def _list(state: Progress, one: Happened, limits: Limits) -> None:
    _plain(state, one, limits)
    state.rise(CANDIDATE)
    state.candidate_on = one.on


def _political(state: Progress, one: Happened, limits: Limits) -> None:
    if one.detail.get("passed", True):
        _plain(state, one, limits)
    else:
        _back_to_activist(state, one)
        # The year of cultivation he has had stays his (§13 counts it from step 3, which is not done anew); the branch
        # examines him every half-year again from now on.
        state.reviewed_from = one.on


def _back_to_activist(state: Progress, one: Happened) -> None:
    state.standing, state.returned_on, state.sources, state.heard_on = ACTIVIST, one.on, set(), None
    state.undo(Step.CULTIVATE, Step.PROPOSE, Step.CONSENT, Step.INTRODUCERS, Step.POLITICAL_REVIEW, Step.TRAINING)
    state.undo(Step.COMMITTEE_CHECK, Step.PRE_REVIEW, Step.FORM, Step.MEETING, Step.APPROVAL_TALK)
    state.consent_on = state.posting_from = state.posting_until = state.posted_on = state.candidate_on = None
    state.pre_reviewed_on = state.redone_on = state.meeting_on = state.reported_on = None
    state.longer = False


def _check(state: Progress, one: Happened, limits: Limits) -> None:
    if one.detail.get("qualified", True):
        _plain(state, one, limits)


def _pre_review(state: Progress, one: Happened, limits: Limits) -> None:
    if one.detail.get("qualified", True):
        _plain(state, one, limits)
        state.pre_reviewed_on = one.on
    else:
        state.undo(Step.COMMITTEE_CHECK)
        state.returned_on = one.on


def _meeting(state: Progress, one: Happened, limits: Limits) -> None:
    if one.detail.get("passed", True):
        state.acts.add(one.act)
        state.meeting_on = one.on
    else:
        _back_to_check(state, one)


def _back_to_check(state: Progress, one: Happened) -> None:
    state.returned_on = one.on
    state.undo(Step.COMMITTEE_CHECK, Step.PRE_REVIEW, Step.FORM, Step.MEETING, Step.APPROVAL_TALK, Step.APPROVE)
    state.pre_reviewed_on = state.redone_on = state.meeting_on = state.reported_on = None
    state.longer = False


def _report(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    state.reported_on = one.on
    state.done[Step.MEETING] = state.meeting_on


def _longer(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    state.longer = True


def _redo(state: Progress, one: Happened, limits: Limits) -> None:
    state.undo(Step.MEETING, Step.APPROVAL_TALK, Step.APPROVE)
    state.redone_on = one.on
    state.meeting_on = state.reported_on = None
    state.longer = False


def _approve(state: Progress, one: Happened, limits: Limits) -> None:
    if not one.detail.get("agreed", True):
        _back_to_check(state, one)
        return
    _plain(state, one, limits)
    state.rise(PROBATIONARY)
    state.approved_on = one.on
    # Counted from the branch meeting, not from the approval (DM-39).
    state.probation_from = state.meeting_on
    if state.meeting_on is not None:
        state.probation_until = after(state.meeting_on, limits.probation)


def _care(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    if one.on is not None:
        state.cares = sorted([*state.cares, one.on])


def _conversion_apply(state: Progress, one: Happened, limits: Limits) -> None:
    _plain(state, one, limits)
    state.done.setdefault(Step.CARE, one.on)


def _postpone(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    state.postponed_until = _day(one.detail, "until")


def _conversion_check(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    state.conversion_checked_on = one.on
    state.outcome = str(one.detail.get("outcome", CONVERT))
    state.extend_until = _day(one.detail, "until")


def _conversion_meeting(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts -= {Act.CONVERSION_CHECK, Act.CONVERSION_MEETING}
    if not one.detail.get("passed", True):
        state.outcome, state.extend_until, state.conversion_checked_on, state.returned_on = "", None, None, one.on
        return
    state.acts |= {Act.CONVERSION_CHECK, Act.CONVERSION_MEETING}
    state.outcome = str(one.detail.get("outcome", CONVERT))
    state.extend_until = _day(one.detail, "until")
    state.conversion_meeting_on = one.on  # the step is complete once reported


def _conversion_report(state: Progress, one: Happened, limits: Limits) -> None:
    state.acts.add(one.act)
    state.conversion_reported_on = one.on
    state.done[Step.CONVERSION_MEETING] = state.conversion_meeting_on


def _conversion_approve(state: Progress, one: Happened, limits: Limits) -> None:
    if not one.detail.get("agreed", True):
        _conversion_anew(state, one, Step.CONVERSION_MEETING)
        return
    if state.outcome == EXTEND:
        state.extensions += 1
        state.probation_until = state.extend_until
        _conversion_anew(state, one, Step.CARE, Step.CONVERSION_APPLY, Step.CONVERSION_MEETING)
        return
    _plain(state, one, limits)
    if state.outcome == DISQUALIFY:
        state.closed, state.standing = DISQUALIFIED, "masses"
        return
    # From the end of the probation, postponed or not (DM-43, DM-46).
    state.rise(FULL)
    state.full_on = state.probation_until


def _conversion_anew(state: Progress, one: Happened, *steps: Step) -> None:
    state.undo(*steps)
    state.returned_on = one.on
    state.outcome, state.extend_until, state.postponed_until = "", None, None
    state.conversion_checked_on = state.conversion_meeting_on = state.conversion_reported_on = None


def _archive(state: Progress, one: Happened, limits: Limits) -> None:
    _plain(state, one, limits)
    state.closed = ARCHIVED


def _day(detail: Mapping[str, Any], name: str) -> date | None:
    text = detail.get(name)
    return date.fromisoformat(str(text)) if text else None


_FOLDS: Mapping[Act, Callable[[Progress, Happened, Limits], None]] = {
    Act.APPLY: _apply,
    Act.TALK: _first,
    Act.ACTIVIST: _activist,
    Act.MENTORS: _first,
    Act.REVIEW: _review,
    Act.OPINION: _opinion,
    Act.PROPOSE: _propose,
    Act.CONSENT: _consent,
    Act.POST: _post,
    Act.POSTED: _posted,
    Act.LIST: _list,
    Act.FILE_CANDIDATE: _list,
    Act.INTRODUCERS: _first,
    Act.POLITICAL_REVIEW: _political,
    Act.COMMITTEE_CHECK: _check,
    Act.PRE_REVIEW: _pre_review,
    Act.MEETING: _meeting,
    Act.REPORT: _report,
    Act.EXTEND_APPROVAL: _longer,
    Act.APPROVE: _approve,
    Act.REDO: _redo,
    Act.PLACE: _first,
    Act.APPROVAL_TALK: _first,
    Act.CARE: _care,
    Act.CONVERSION_APPLY: _conversion_apply,
    Act.POSTPONE: _postpone,
    Act.CONVERSION_CHECK: _conversion_check,
    Act.CONVERSION_MEETING: _conversion_meeting,
    Act.CONVERSION_REPORT: _conversion_report,
    Act.CONVERSION_APPROVE: _conversion_approve,
    Act.ARCHIVE: _archive,
    **beside.FOLDS,
}
