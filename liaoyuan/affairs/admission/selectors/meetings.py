"""General meetings and a case: where it may be put, on which agenda it stands, what was decided and not yet entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.models import Meeting, Motion, MotionState
from liaoyuan.activity.orglife.rules.meetings import OPEN, PLANNED
from liaoyuan.activity.orglife.selectors import meetings_visible
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.checks import check
from liaoyuan.affairs.admission.rules.findings import Finding, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.affairs.admission.selectors.company import introducers_on
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Membership, MembershipKind
from liaoyuan.organisation.units.models import UnitKind

SUBJECT = "admission.case"
# The rule by which a meeting votes → the act that its result is.
ACT_OF = MappingProxyType({"admission": Act.MEETING, "conversion": Act.CONVERSION_MEETING})


def meetings_ahead(actor: Actor, case: Case) -> list[Meeting]:
    """General meetings that are planned or open, of the case's branch and of the temporary branch to which the person
    is attached today, as far as the actor may see them."""
    held = Q(unit=case.unit_id) | Q(unit=case.person.attached_unit_id, unit__kind=UnitKind.TEMPORARY_BRANCH)
    rows = meetings_visible(actor).filter(held, kind="general_meeting", state__in=[PLANNED, OPEN])
    return list(rows.select_related("unit").order_by("planned_at")[:50])


def discusses(case: Case, meeting: Meeting) -> bool:
    """Whether a meeting may discuss a case: one of the branch to which the person belongs, or of the temporary branch
    to which he is attached on its day, which needs another provision for it (DM-33). At most one query."""
    if meeting.unit_id == case.unit_id:
        return True
    on = meeting.held_on
    rows = Membership.objects.filter(Q(until__isnull=True) | Q(until__gt=on), person=case.person_id, since__lte=on)
    return temporary(meeting) and rows.filter(kind=MembershipKind.ATTACHED, unit=meeting.unit_id).exists()


def temporary(meeting: Meeting) -> bool:
    """Whether it is a meeting of a temporary branch."""
    return bool(meeting.unit.kind == UnitKind.TEMPORARY_BRANCH)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A vote that is counted and waits for a word of the branch: ``asks`` is what a rule wants answered."""

    motion: Motion
    act: Act
    detail: Mapping[str, Any]
    asks: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """``pending``: the motion of an agenda on which the case stands, not voted on; ``waiting``: see there."""

    pending: Motion | None = None
    waiting: Waiting | None = None

    @property
    def problem(self) -> str:
        """Why the case cannot be put to a meeting now, nor a vote on paper entered; "" where it can."""
        if self.pending is not None:
            return _(
                "“%(title)s”已列入%(on)s“%(meeting)s”的议程，还没有表决。请在那次会议上表决；"
                "改在别的会议表决的，请先到会议页撤回那一项。"
            ) % _words(self.pending)
        if self.waiting is not None:
            return _("%(on)s“%(meeting)s”已经表决，结果还没有记入案卷。请先在案卷里登记那次表决结果。") % _words(
                self.waiting.motion
            )
        return ""


def _words(motion: Motion) -> dict[str, str]:
    meeting = motion.meeting
    return {"title": motion.title, "on": meeting.held_on.isoformat(), "meeting": meeting.title}


def motions_pending(case_id: object) -> list[Motion]:
    """The case on agendas: motions not voted on, or under vote."""
    rows = Motion.objects.filter(subject_type=SUBJECT, subject_id=str(case_id))
    found = rows.filter(state__in=[MotionState.PLANNED, MotionState.OPEN], meeting__state__in=[PLANNED, OPEN])
    return list(found.select_related("meeting", "meeting__unit").order_by("created_at"))


def agenda_of(case: Case, state: Progress, limits: Limits) -> Agenda:
    """How meetings and the case stand to each other, whoever asks: a vote binds whether or not he may see the meeting.
    A vote that the case could not take as it stands (another step by now) waits for nothing."""
    pending = motions_pending(case.pk)
    rows = Motion.objects.filter(subject_type=SUBJECT, subject_id=str(case.pk), state=MotionState.DECIDED)
    decided = list(rows.select_related("meeting", "meeting__unit").order_by("-closed_at"))
    waiting = None
    if decided:
        details = StepRecord.objects.filter(case=case, act__in=ACT_OF.values()).values_list("detail", flat=True)
        entered = {detail.get("motion") for detail in details}
        found = (_waits(case, one, state, limits) for one in decided if str(one.pk) not in entered)
        waiting = next((one for one in found if one is not None), None)
    return Agenda(pending[0] if pending else None, waiting)


def _waits(case: Case, motion: Motion, state: Progress, limits: Limits) -> Waiting | None:
    act, detail = ACT_OF[motion.rule], vote_detail(motion, state)
    on = motion.meeting.held_on
    setting = Setting(temporary=temporary(motion.meeting), helpers=introducers_on(case, act, on, state))
    found = check(act, on, detail, state, limits, setting, today=clock.today())
    if any(one.weight == Weight.HARD for one in found):
        return None
    answered = {Weight.BASIS} if motion.override_basis else set()
    return Waiting(motion, act, detail, tuple(one for one in found if one.weight not in answered))


def vote_detail(motion: Motion, state: Progress) -> dict[str, Any]:
    """The result of a vote as the act carries it; ``branch`` names the temporary branch that voted."""
    detail: dict[str, Any] = {
        "passed": bool(motion.passed),
        **{name: getattr(motion, name) or 0 for name in ("entitled", "present", "yes", "no", "abstain", "written")},
        "motion": str(motion.pk),
        "explanation": motion.explanation,
    }
    if temporary(motion.meeting):
        detail["branch"] = motion.meeting.unit.name
    if ACT_OF[motion.rule] == Act.CONVERSION_MEETING:
        detail["outcome"] = state.outcome
        if state.extend_until is not None:
            detail["until"] = state.extend_until.isoformat()
    return detail
