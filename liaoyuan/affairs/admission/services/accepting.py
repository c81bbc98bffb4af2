"""Stage four: from the committee's check to the approval."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import thresholds
from liaoyuan.activity.orglife.models import Motion
from liaoyuan.activity.orglife.rules.decisions import HANDHELD, RULES
from liaoyuan.activity.orglife.rules.votes import quorum
from liaoyuan.activity.orglife.services import motion_add
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.order import allowed
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.services.acting import Doing, act_do, limits_of
from liaoyuan.affairs.admission.services.agenda import check_agenda, check_introducers, check_own_meeting
from liaoyuan.affairs.admission.services.listing import SUBJECT
from liaoyuan.affairs.admission.services.locking import check_words, locked_case
from liaoyuan.foundation.regulations.dates import after
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor

ADMISSION, CONVERSION = "admission", "conversion"


@dataclass(frozen=True, slots=True)
class Votes:
    """A count of a meeting held on paper. ``written`` opinions are contained in ``yes``, ``no`` and ``abstain``."""

    entitled: int
    present: int
    yes: int
    no: int
    abstain: int = 0
    written: int = 0


def committee_check(*, actor: Actor, case: UUID, on: date, qualified: bool, reason: str = "") -> StepRecord:
    """The branch committee examined the candidate (step 12, DM-20)."""
    if not qualified:
        reason = check_words(reason, field="reason")
    return act_do(actor=actor, case=case, doing=Doing(Act.COMMITTEE_CHECK, on, {"qualified": qualified}, reason=reason))


def pre_review(
    *,
    actor: Actor,
    case: UUID,
    on: date,
    qualified: bool,
    number: str = "",
    leaving_on: date | None = None,
    reason: str = "",
) -> StepRecord:
    """The committee with the power to approve examined the case beforehand (step 13). Who leaves within three months is
    usually not taken in: 不宜, needs a reason (DM-22)."""
    if not qualified:
        reason = check_words(reason, field="reason")
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.PRE_REVIEW).require()
        Case.objects.unscoped("authorised above").filter(pk=row.pk).update(leaving_on=leaving_on)
        detail = {"qualified": qualified, "number": number.strip()}
        return act_do(actor=actor, case=case, doing=Doing(Act.PRE_REVIEW, on, detail, reason=reason))


def form_record(*, actor: Actor, case: UUID, on: date, number: str = "") -> StepRecord:
    """The form of application is filled in (step 14); the form itself is the Organisation Department's (DM-50)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.FORM, on, {"number": number.strip()}))


def meeting_submit(
    *, actor: Actor, case: UUID, meeting: UUID, mode: str = HANDHELD, basis: str = "", conversion: bool = False
) -> Motion:
    """Put the case on the agenda of a general meeting (steps 15 and 23): one motion a person, secret ballot. What the
    meeting decides comes back by itself (``handlers``). Raises DomainError where the case is not there yet, for another
    branch's meeting, for an introducer who may not be it any more, while an earlier vote is to come or is not entered,
    and for a temporary branch's without ``basis``, the provision that lets it decide (DM-33)."""
    with unit_of_work():
        row = locked_case(actor, case)
        act = Act.CONVERSION_MEETING if conversion else Act.MEETING
        can_act(actor, row, act).require()
        limits = limits_of(row)
        state = progress_of(row, live_records(row), limits)
        turn = allowed(act, state, limits)
        if turn:
            raise DomainError(turn)
        check_own_meeting(row, meeting)
        check_agenda(row, field="meeting")
        if not conversion:
            check_introducers(row, meeting, state, limits)
        title = _("讨论%(name)s转正") if conversion else _("讨论接收%(name)s为预备党员")
        try:
            return motion_add(
                actor=actor,
                meeting=meeting,
                title=title % {"name": row.person.name},
                rule=CONVERSION if conversion else ADMISSION,
                mode=mode,
                person=row.person,
                subject_type=SUBJECT,
                subject_id=str(row.pk),
                text_of=row.text_of,
                override_basis=basis,
            )
        except DomainError as error:
            error.field = {"override_basis": "basis"}.get(error.field, error.field)
            raise


def meeting_record(
    *, actor: Actor, case: UUID, on: date, votes: Votes, reason: str = "", basis: str = ""
) -> StepRecord:
    """What a general meeting held on paper decided (step 15). Quorum and majority are judged by the binding text; more
    votes than people, or no quorum, is refused (DM-24, DM-27)."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.MEETING).require()
        check_agenda(row)
        result = counted(row, votes, on=on, rule=ADMISSION)
        detail = {"passed": result.passed, **vote_detail(votes, result)}
        return act_do(actor=actor, case=case, doing=Doing(Act.MEETING, on, detail, reason=reason, basis=basis))


@dataclass(frozen=True, slots=True)
class Counted:
    """What a count means, in one sentence."""

    passed: bool
    explanation: str


def counted(case: Case, votes: Votes, *, on: date, rule: str) -> Counted:
    """Judge a count. Raises DomainError with the clause for what cannot be, or where there is no quorum."""
    needs = thresholds(RULES[rule], on=on, path=case.path, text_of=case.text_of)
    total = votes.yes + votes.no + votes.abstain
    if min(votes.entitled, votes.present, votes.yes, votes.no, votes.abstain, votes.written) < 0:
        raise DomainError(_("人数和票数不能是负数。"), field="yes")
    if votes.present > votes.entitled:
        raise DomainError(
            _("实到会有表决权的人数多于应到会的人数，请核对。"), field="present", clause=needs.quorum_clause
        )
    if votes.written > min(total, votes.entitled - votes.present):
        raise DomainError(_("会前书面意见多于没有到会的人数，请核对。"), field="written", clause=needs.majority_clause)
    if total - votes.written > votes.present:
        raise DomainError(
            _("会上投票 %(cast)d 张，多于实到会有表决权的 %(present)d 人，请核对。")
            % {"cast": total - votes.written, "present": votes.present},
            field="yes",
            clause=needs.majority_clause,
        )
    enough = quorum(needs.quorum, entitled=votes.entitled, present=votes.present)
    if not enough.met:
        raise DomainError(
            _("%(why)s，会议不能表决。") % {"why": enough.explanation}, field="present", clause=needs.quorum_clause
        )
    passed = needs.majority.met(votes.yes, votes.entitled)
    words = _("%(quorum)s；赞成 %(yes)d 票，%(share)s应到会人数的半数（需 %(needed)d 票）") % {
        "quorum": enough.explanation,
        "yes": votes.yes,
        "share": _("超过") if passed else _("未超过"),
        "needed": needs.majority.needed(votes.entitled),
    }
    return Counted(passed, words)


def vote_detail(votes: Votes, result: Counted) -> dict[str, int | str]:
    """A count as an act's detail."""
    return {
        "entitled": votes.entitled,
        "present": votes.present,
        "yes": votes.yes,
        "no": votes.no,
        "abstain": votes.abstain,
        "written": votes.written,
        "explanation": result.explanation,
    }


def resolution_report(*, actor: Actor, case: UUID, on: date) -> StepRecord:
    """The resolution goes to the committee, from which day its three months run (step 15 complete; DM-30, DM-36)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.REPORT, on))


def approval_extend(*, actor: Actor, case: UUID, on: date, why: str) -> StepRecord:
    """A special case: the committee takes longer than three months, six at most (DM-36)."""
    words = check_words(why, field="why")
    return act_do(actor=actor, case=case, doing=Doing(Act.EXTEND_APPROVAL, on, {"why": words}))


def approve(
    *, actor: Actor, case: UUID, on: date, agreed: bool, by: str = "", reason: str = "", basis: str = ""
) -> StepRecord:
    """The committee's collective vote (step 17). Agreed: he is a probationer from the day of the branch meeting, for a
    year (DM-39). Not agreed: he stays a candidate, the branch is told why, and the person that it will tell him
    (DM-35, ``refusing``)."""
    if not agreed:
        reason = check_words(reason, field="reason")
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.APPROVE).require()
        detail = approval_detail(row, agreed=agreed, by=by)
        return act_do(actor=actor, case=case, doing=Doing(Act.APPROVE, on, detail, reason=reason, basis=basis))


def approval_detail(case: Case, *, agreed: bool, by: str) -> dict[str, object]:
    """What an approval carries: who decided, and the probation that begins with the branch meeting."""
    limits = limits_of(case)
    state = progress_of(case, live_records(case), limits)
    detail: dict[str, object] = {"agreed": agreed, "by": by.strip()[:80]}
    if agreed and state.meeting_on is not None:
        detail["probation_from"] = state.meeting_on.isoformat()
        detail["probation_until"] = after(state.meeting_on, limits.probation).isoformat()
    return detail


def meeting_redo(*, actor: Actor, case: UUID, on: date, why: str) -> StepRecord:
    """The six months ran out without an approval: a new branch meeting, with a new beginning of the probation."""
    words = check_words(why, field="why")
    return act_do(actor=actor, case=case, doing=Doing(Act.REDO, on, {"why": words}))


def member_file(*, actor: Actor, case: UUID, on: date, number: str = "") -> StepRecord:
    """The organisation department above has the new member on file (step 18)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.FILE_MEMBER, on, {"number": number.strip()}))
