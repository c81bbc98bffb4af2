"""Putting questions on the agenda, and opinions in writing received before the opening."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.models import Meeting, Motion, MotionState, RollEntry, WrittenOpinion
from liaoyuan.activity.orglife.models.meeting import MeetingState
from liaoyuan.activity.orglife.models.motion import BallotMode
from liaoyuan.activity.orglife.policies import can_record
from liaoyuan.activity.orglife.rules import meetings as meeting_rules
from liaoyuan.activity.orglife.rules.boxes import CHOICES
from liaoyuan.activity.orglife.rules.decisions import HANDHELD, HANDS, RULES, DecisionRule
from liaoyuan.activity.orglife.services.locking import check_not_over, locked_meeting, locked_motion
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import UnitKind


def motion_add(
    *,
    actor: Actor,
    meeting: UUID,
    title: str,
    rule: str,
    mode: str = HANDHELD,
    person: Person | None = None,
    subject_type: str = "",
    subject_id: object = "",
    mover: Person | None = None,
    text_of: date | None = None,
    override_basis: str = "",
) -> Motion:
    """Put a question on a meeting's agenda, before it or during it.

    ``rule`` is an id of ``rules.decisions.RULES``; ``subject_type``/``subject_id`` name the affair that waits for the
    result; ``text_of`` the day whose version of the regulation binds the case. Raises DomainError with its clause for
    a rule that this meeting cannot decide, two people or none where one is asked for (DM-29), a show of hands where
    the ballot is secret (DM-26), a mover without a vote, or a temporary branch deciding what it may not (DM-33,
    TB-04; ``override_basis`` records the other provision that allows it).
    """
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_record(actor, row).require()
        check_not_over(row)
        chosen = _checked_rule(row, rule, mode, person, override_basis)
        if mover is not None and not row.roll.filter(person=mover, entitled=True).exists():
            raise DomainError(
                _("%(name)s 在本次会议没有表决权，不能作提议人。") % {"name": mover.name},
                field="mover",
                clause=clause_words("MT-17", on=row.held_on),
            )
        words = " ".join(title.split())
        if sum(character.isalnum() for character in words) < 2:
            raise DomainError(_("请写明要表决的事项。"), field="title")
        last = row.motions.aggregate(last=Max("order"))["last"] or 0
        motion = Motion(
            meeting=row,
            order=last + 1,
            title=words[:120],
            rule=chosen.id,
            mode=mode,
            person=person,
            mover=mover,
            subject_type=subject_type,
            subject_id=str(subject_id or ""),
            text_of=text_of,
            override_basis=" ".join(override_basis.split())[:200],
            created_by=actor.name[:80],
        )
        try:
            with transaction.atomic():
                motion.save(force_insert=True)
        except IntegrityError as error:
            raise Conflict(
                _("这次会议已经有关于 %(name)s 的同类表决。") % {"name": person.name if person else ""}
            ) from error
        record(
            actor,
            "orglife.motion_add",
            object_type="orglife.motion",
            object_id=motion.pk,
            object_label=motion.title,
            subject_id=person.pk if person else None,
            reason=motion.override_basis,
            detail={"meeting": row.pk, "rule": chosen.id, "mode": mode},
        )
    return motion


def _checked_rule(meeting: Meeting, rule: str, mode: str, person: Person | None, basis: str) -> DecisionRule:
    chosen = RULES.get(rule)
    on = meeting.held_on
    if chosen is None:
        raise DomainError(_("没有“%(rule)s”这种表决规则。") % {"rule": rule}, field="rule")
    if meeting.kind not in chosen.meetings:
        raise DomainError(
            _("“%(rule)s”不能由%(kind)s表决。")
            % {"rule": chosen.label, "kind": meeting_rules.KINDS[meeting.kind].label},
            field="rule",
            clause=clause_words(chosen.quorum_fact, on=on),
        )
    if mode not in BallotMode.values:
        raise DomainError(_("没有这种表决方式。"), field="mode")
    if chosen.secret and mode == HANDS:
        raise DomainError(
            _("“%(rule)s”须无记名投票，不能举手表决。") % {"rule": chosen.label},
            field="mode",
            clause=clause_words("DM-26", on=on),
        )
    if chosen.one_person and person is None:
        raise DomainError(
            _("“%(rule)s”须逐个讨论、逐个表决：一项表决只对一个人，请选择这个人。") % {"rule": chosen.label},
            field="person",
            clause=clause_words("DM-29", on=on),
        )
    forbidden = meeting.unit.kind == UnitKind.TEMPORARY_BRANCH and not chosen.temporary
    if forbidden and sum(character.isalnum() for character in basis) < 2:
        raise DomainError(
            _("临时党支部一般不能办理“%(rule)s”。确有另行规定的，请写明依据后再办。") % {"rule": chosen.label},
            field="override_basis",
            clause=clause_words(chosen.temporary_fact, on=on),
        )
    return chosen


def written_opinion_record(
    *,
    actor: Actor,
    motion: UUID,
    person: UUID,
    choice: str,
    text: str = "",
    received_at: datetime | None = None,
) -> WrittenOpinion:
    """Record the formal opinion in writing of somebody who cannot come: by himself, or by the recorder from his
    letter. It counts as a vote unless he comes after all, and never as attendance (DM-28). ``choice`` is one of
    ``rules.boxes.CHOICES``. A second opinion of the same person replaces the first.

    Raises DomainError with its clause where the rule takes no written opinions (MT-19), the person has no vote, or the
    meeting has opened; Conflict where the motion is no longer waiting.
    """
    with unit_of_work():
        row = locked_motion(actor, motion)
        meeting = row.meeting
        if actor.person_id is None or actor.person_id != person:
            can_record(actor, meeting).require()
        check_not_over(meeting)
        on = meeting.held_on
        if not RULES[row.rule].written:
            raise DomainError(
                _("“%(rule)s”不能书面表决，也不能委托他人投票。") % {"rule": RULES[row.rule].label},
                clause=clause_words("MT-19", on=on),
            )
        moment = received_at or clock.now()
        if meeting.state != MeetingState.PLANNED or moment > clock.now():
            raise DomainError(
                _("书面意见须在开会前收到才能计入票数；会议已经开始（或收到时间还没有到）。"),
                field="received_at",
                clause=clause_words("DM-28", on=on),
            )
        if row.state != MotionState.PLANNED:
            raise Conflict(_("这项表决已经开始、结束或撤回，不再收书面意见。"))
        if choice not in CHOICES:
            raise DomainError(_("请选择赞成、反对或弃权。"), field="choice")
        entry = _voter(meeting, person)
        opinion, _created = WrittenOpinion.objects.update_or_create(
            motion=row,
            entry=entry,
            defaults={
                "choice": choice,
                "text": text.strip()[:2000],
                "received_at": moment,
                "recorded_by": actor.name[:80],
                "recorded_at": clock.now(),
            },
        )
        record(
            actor,
            "orglife.written_opinion_record",
            object_type="orglife.motion",
            object_id=row.pk,
            object_label=row.title,
            subject_id=entry.person_id,
        )
    return opinion


def _voter(meeting: Meeting, person: UUID) -> RollEntry:
    entry = meeting.roll.filter(person=person).first()
    if entry is None:
        raise DomainError(_("此人不在会议名册上，不能提出书面意见。"), field="person")
    if not entry.entitled:
        raise DomainError(
            _("%(why)s，书面意见不计入票数。") % {"why": entry.why_not}, field="person", clause=entry.clause
        )
    return entry
