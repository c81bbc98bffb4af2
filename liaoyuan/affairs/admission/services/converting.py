"""Stage five: from the new member's group to the archive; and ending a case."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Paper, StepRecord
from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import EXTEND, Act
from liaoyuan.affairs.admission.rules.papers import to_archive
from liaoyuan.affairs.admission.rules.progress import ACTIVIST, APPLICANT, CANDIDATE
from liaoyuan.affairs.admission.selectors.cases import case_get
from liaoyuan.affairs.admission.services.accepting import CONVERSION, Votes, counted, vote_detail
from liaoyuan.affairs.admission.services.acting import Doing, act_do, limits_of
from liaoyuan.affairs.admission.services.agenda import check_agenda, motions_take_back
from liaoyuan.affairs.admission.services.hanging import postings_take_down
from liaoyuan.affairs.admission.services.locking import check_words, locked_case
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import StandingKind
from liaoyuan.organisation.units.models import Unit, UnitKind


def place(*, actor: Actor, case: UUID, on: date, group: UUID | None = None) -> StepRecord:
    """The new member belongs to the branch and one of its groups (step 19). The group itself is changed in the member's
    file; here it is recorded that he was placed."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.PLACE).require()
        detail: dict[str, str] = {}
        if group is not None:
            found = Unit.objects.unscoped("a group of the case's own branch").filter(
                pk=group, parent=row.unit_id, kind=UnitKind.GROUP, dissolved_on__isnull=True
            )
            unit = found.first()
            if unit is None:
                raise DomainError(_("请选择本支部的党小组。"), field="group")
            detail = {"group": str(unit.pk), "name": unit.name}
        return act_do(actor=actor, case=case, doing=Doing(Act.PLACE, on, detail))


def oath_record(*, actor: Actor, case: UUID, on: date, where: str, reason: str = "") -> StepRecord:
    """The oath before the Party's flag (step 20), usually within a month of the approval (2026, DM-38)."""
    return act_do(
        actor=actor, case=case, doing=Doing(Act.OATH, on, {"place": check_words(where, field="place")[:80]}, reason)
    )


def conversion_apply(*, actor: Actor, case: UUID, on: date, reason: str = "") -> StepRecord:
    """The probationer applied in writing (step 22)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.CONVERSION_APPLY, on, reason=reason))


def postpone(*, actor: Actor, case: UUID, on: date, until: date, why: str) -> StepRecord:
    """Who moved in may be discussed up to six months after the end of his probation (DM-46)."""
    detail = {"until": until.isoformat(), "why": check_words(why, field="why")}
    return act_do(actor=actor, case=case, doing=Doing(Act.POSTPONE, on, detail))


def conversion_check(
    *,
    actor: Actor,
    case: UUID,
    on: date,
    sources: Sequence[str],
    outcome: str,
    until: date | None = None,
    reason: str = "",
) -> StepRecord:
    """Opinions were heard and the committee proposes converting, extending until a day, or disqualifying (DM-42)."""
    detail: dict[str, object] = {"sources": list(sources), "outcome": outcome}
    if outcome == EXTEND and until is not None:
        detail["until"] = until.isoformat()
    return act_do(actor=actor, case=case, doing=Doing(Act.CONVERSION_CHECK, on, detail, reason=reason))


def conversion_record(
    *,
    actor: Actor,
    case: UUID,
    on: date,
    outcome: str,
    votes: Votes,
    until: date | None = None,
    reason: str = "",
    basis: str = "",
) -> StepRecord:
    """What a general meeting held on paper decided about the conversion (step 23): the same quorum and majority as for
    taking in (DM-42). An extension names its last day."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.CONVERSION_MEETING).require()
        check_agenda(row)
        result = counted(row, votes, on=on, rule=CONVERSION)
        detail: dict[str, object] = {"passed": result.passed, "outcome": outcome, **vote_detail(votes, result)}
        if outcome == EXTEND and until is not None:
            detail["until"] = until.isoformat()
        doing = Doing(Act.CONVERSION_MEETING, on, detail, reason=reason, basis=basis)
        return act_do(actor=actor, case=case, doing=doing)


def conversion_report(*, actor: Actor, case: UUID, on: date) -> StepRecord:
    """The resolution goes to the committee (step 23 complete)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.CONVERSION_REPORT, on))


def conversion_approve(
    *, actor: Actor, case: UUID, on: date, agreed: bool, by: str = "", reason: str = "", basis: str = ""
) -> StepRecord:
    """The committee approves what the meeting resolved (step 24, within three months): a full member from the end of
    the probation, an extension, or no member any more."""
    if not agreed:
        reason = check_words(reason, field="reason")
    detail = {"agreed": agreed, "by": by.strip()[:80]}
    return act_do(actor=actor, case=case, doing=Doing(Act.CONVERSION_APPROVE, on, detail, reason=reason, basis=basis))


def archive(*, actor: Actor, case: UUID, on: date) -> StepRecord:
    """The papers that the regulation names go to the committee for the personal file (step 25, DM-44). Refused while
    one of them is not in the case file."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.ARCHIVE).require()
        held = set(Paper.objects.filter(case=row).values_list("kind", flat=True))
        lacking = [one.name for one in to_archive() if one.kind not in held]
        if lacking:
            raise DomainError(
                _("还缺少应当归档的材料：%(names)s。请先在“材料”中登记。") % {"names": "、".join(lacking)},
                clause=limits_of(row).clause("DM-44"),
            )
        detail = {"papers": [one.kind for one in to_archive()]}
        return act_do(actor=actor, case=case, doing=Doing(Act.ARCHIVE, on, detail))


# To which standing somebody goes back whose development ends, by where he stood.
_BACK = {
    APPLICANT: (StandingKind.MASSES, StandingKind.LEAGUE_MEMBER),
    ACTIVIST: (StandingKind.APPLICANT, StandingKind.MASSES, StandingKind.LEAGUE_MEMBER),
    CANDIDATE: (StandingKind.ACTIVIST, StandingKind.MASSES, StandingKind.LEAGUE_MEMBER),
}


def stop_choices(standing: str) -> tuple[StandingKind, ...]:
    """The standings that somebody may go back to when his case is stopped."""
    return _BACK.get(standing, ())


def case_stop(*, actor: Actor, case: UUID, on: date, why: str, standing: str) -> StepRecord:
    """End a case that is not to go on: the person withdraws, or is found unsuited. A probationer's place is lost by a
    meeting and an approval alone (``rules.checks``); ``standing`` is what he is afterwards. What stands on an agenda is
    taken back, what hangs is taken down."""
    words = check_words(why, field="why")
    with unit_of_work():
        can_act(actor, case_get(actor, case), Act.STOP).require()
        motions_take_back(
            actor=Actor.system(_("发展党员")), case_id=case, why=_("已终止发展：%(why)s") % {"why": words}
        )
        postings_take_down(case_id=case, why=_("发展工作已终止"))
        row = locked_case(actor, case)
        can_act(actor, row, Act.STOP).require()
        choices = stop_choices(row.standing)
        if choices and standing not in choices:
            raise DomainError(_("请选择终止以后的政治面貌。"), field="standing")
        record = act_do(actor=actor, case=case, doing=Doing(Act.STOP, on, {"why": words, "standing": standing}))
        record.case.close_reason = words[:200]
        record.case.save(update_fields=["close_reason"])
        return record
