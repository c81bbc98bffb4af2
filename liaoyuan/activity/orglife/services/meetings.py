"""Calling, opening, closing and cancelling meetings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.events import MeetingClosed, MotionWithdrawn
from liaoyuan.activity.orglife.models import Meeting, Motion, MotionState, Presence, WrittenOpinion
from liaoyuan.activity.orglife.models.meeting import MeetingState
from liaoyuan.activity.orglife.policies import can_call, can_chair, can_record
from liaoyuan.activity.orglife.rules import meetings as rules
from liaoyuan.activity.orglife.services.facts import attendance, told_of
from liaoyuan.activity.orglife.services.locking import check_not_over, check_open, check_reason, locked_meeting
from liaoyuan.activity.orglife.services.roll import entitled_of, roll_compute
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import fact_record, facts_record
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services.lock import unit_for_path

MINUTES_LEAST = 10


def meeting_call(
    *,
    actor: Actor,
    unit: UUID | Unit,
    kind: str,
    title: str,
    planned_at: datetime,
    place: str = "",
    online: bool = False,
    chair: Person | None = None,
    recorder: Person | None = None,
    covers: Iterable[str] = (),
) -> Meeting:
    """Call a meeting of ``unit`` and draw up its roll for that day. A moment in the past records a meeting that was
    held on paper (marked 补录; no handheld ballots there).

    Raises NotPermitted without ``orglife.call`` over the unit, DomainError for a kind that this unit does not hold, a
    chair or recorder of another organisation, or a dissolved unit.
    """
    with unit_of_work():
        row = unit_for_path(unit.pk if isinstance(unit, Unit) else unit)
        if not actor.covers("orglife.view", row.path) and not actor.covers("orglife.call", row.path):
            raise NotInScope()
        can_call(actor, row.path).require()
        wanted = _checked_kind(row, kind)
        if row.dissolved_on is not None and row.dissolved_on <= clock.local(planned_at).date():
            raise DomainError(_("“%(unit)s”已撤销，不能再召开会议。") % {"unit": row.name}, field="unit")
        meeting = Meeting(
            unit=row,
            path=row.path,
            kind=wanted.key,
            covers=[_checked_kind(row, other, field="covers").key for other in covers if other != kind],
            title=_title(title),
            planned_at=planned_at,
            place=" ".join(place.split())[:80],
            online=online,
            chair=_officer(row, chair, "chair"),
            recorder=_officer(row, recorder, "recorder"),
            backfilled=clock.local(planned_at).date() < clock.today(),
            called_by=actor.name[:80],
        )
        meeting.save(force_insert=True)
        roll_compute(meeting)
        _audit(actor, "orglife.meeting_call", meeting, detail={"kind": kind, "at": planned_at.isoformat()})
    return meeting


def meeting_open(*, actor: Actor, meeting: UUID, at: datetime | None = None) -> Meeting:
    """Open a meeting: the roll is drawn up anew for the day, from now on presence is marked and votes are held, and
    written opinions come too late (DM-28). ``at`` records an earlier moment for a meeting held on paper.

    Raises Conflict where it is open, over or cancelled; DomainError for a moment to come, an online or handheld
    meeting in the past, or an empty roll.
    """
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_chair(actor, row).require()
        check_not_over(row)
        if not rules.may_become(row.state, rules.OPEN):
            raise Conflict(_("会议“%(title)s”已经开始了。") % {"title": row.title})
        moment = at or clock.now()
        if moment > clock.now():
            raise DomainError(_("开始时间还没有到，不能提前开会。"), field="at")
        row.opened_at, row.state = moment, MeetingState.OPEN
        row.backfilled = clock.local(moment).date() < clock.today()
        row.save(update_fields=["opened_at", "state", "backfilled"])
        roll_compute(row)
        if not row.roll.exists():
            raise DomainError(_("名册是空的：这个组织当天没有党员。请先核对组织关系。"))
        late = WrittenOpinion.objects.filter(motion__meeting=row, received_at__gte=moment).first()
        if late is not None:
            raise DomainError(
                _("有书面意见的收到时间晚于开会时间，不能计入票数。请核对开会时间。"),
                field="at",
                clause=clause_words("DM-28", on=row.held_on),
            )
        _audit(actor, "orglife.meeting_open", row, detail={"at": moment.isoformat()})
    return row


def meeting_close(*, actor: Actor, meeting: UUID, minutes: str, at: datetime | None = None) -> Meeting:
    """End a meeting with its minutes: motions not voted on are taken back, and what was held becomes facts of the
    chronicle (one for each kind that it covers), by which the duties MT-01…MT-07 close.

    Raises Conflict where it is not open or a ballot is open; DomainError without minutes or with nobody present.
    """
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_record(actor, row).require()
        check_open(row)
        if row.motions.filter(state=MotionState.OPEN).exists():
            raise Conflict(_("正在表决，不能散会。请先结束这次表决。"))
        text = minutes.strip()
        if sum(character.isalnum() for character in text) < MINUTES_LEAST:
            raise DomainError(_("请写会议记录：议程、主要发言和结论。"), field="minutes")
        attended = row.roll.filter(presence=Presence.PRESENT).count()
        if attended == 0:
            raise DomainError(_("还没有人签到，不能散会。请先签到；没有开成的会请取消。"), field="roll")
        opened = row.opened_at or clock.now()
        row.closed_at = max(at or (opened if row.backfilled else clock.now()), opened)
        if row.closed_at > clock.now():
            raise DomainError(_("结束时间还没有到。"), field="at")
        row.state, row.minutes = MeetingState.CLOSED, text
        row.save(update_fields=["closed_at", "state", "minutes"])
        _withdraw_rest(actor, row, _("会议结束时没有表决"))
        entitled, present = entitled_of(row)
        for fact in told_of(row):
            fact_record(actor=actor, fact=fact)
        facts_record(actor=actor, facts=[attendance(row, entry) for entry in row.roll.select_related("person")])
        _audit(actor, "orglife.meeting_close", row, detail={"attended": attended})
        bus.publish(MeetingClosed(row.pk, row.unit_id, row.kind, row.held_on, entitled, present, attended))
    return row


def meeting_cancel(*, actor: Actor, meeting: UUID, reason: str) -> Meeting:
    """Call a meeting off; motions not voted on are taken back. Raises Conflict where it is over, or something was
    decided there already: then it was held, and is closed instead."""
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_call(actor, row.path).require()
        check_not_over(row)
        if row.motions.filter(state__in=[MotionState.OPEN, MotionState.DECIDED]).exists():
            raise Conflict(_("会议上已有表决，不能取消；请写好会议记录后散会。"))
        row.state, row.reason = MeetingState.CANCELLED, check_reason(reason)
        row.save(update_fields=["state", "reason"])
        _withdraw_rest(actor, row, row.reason)
        _audit(actor, "orglife.meeting_cancel", row, reason=row.reason)
    return row


def _withdraw_rest(actor: Actor, meeting: Meeting, reason: str) -> None:
    for motion in Motion.objects.filter(meeting=meeting, state=MotionState.PLANNED):
        motion.state, motion.reason = MotionState.WITHDRAWN, reason[:200]
        motion.save(update_fields=["state", "reason"])
        bus.publish(MotionWithdrawn(motion.pk, meeting.pk, motion.subject_type, motion.subject_id, reason))


def _checked_kind(unit: Unit, kind: str, *, field: str = "kind") -> rules.MeetingKind:
    found = rules.KINDS.get(kind)
    if found is None:
        raise DomainError(_("没有“%(kind)s”这种会议。") % {"kind": kind}, field=field)
    if unit.kind not in found.units:
        raise DomainError(
            _("%(unit_kind)s不召开%(kind)s，请选择相应的组织。")
            % {"unit_kind": unit.get_kind_display(), "kind": found.label},
            field=field,
        )
    return found


def _officer(unit: Unit, person: Person | None, field: str) -> Person | None:
    """Chair and recorder belong to the unit, to one below it, or above it (a superior may chair)."""
    if person is None:
        return None
    places = [path for path in (person.home_path, person.attached_path) if path]
    if not any(path.startswith(unit.path) or unit.path.startswith(path) for path in places) and not _holds_post(
        unit, person
    ):
        raise DomainError(_("%(name)s 不属于“%(unit)s”。") % {"name": person.name, "unit": unit.name}, field=field)
    return person


def _holds_post(unit: Unit, person: Person) -> bool:
    """Whether somebody holds a post in the unit or above it today, wherever he belongs."""
    return any(
        unit.path.startswith(path)
        for path in person.tenures.filter(until__isnull=True).values_list("unit__path", flat=True)
    )


def _title(title: str) -> str:
    text = " ".join(title.split())
    if sum(character.isalnum() for character in text) < 2:
        raise DomainError(_("请写明会议的议题。"), field="title")
    return text[:120]


def _audit(
    actor: Actor, action: str, meeting: Meeting, *, reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    record(
        actor,
        action,
        object_type="orglife.meeting",
        object_id=meeting.pk,
        object_label=meeting.title,
        reason=reason,
        detail=detail,
    )
