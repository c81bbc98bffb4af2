"""Belonging: home and attached memberships, and the columns of Person that repeat them.

On any day a person in service has exactly one home membership and at most one attached one. ``rules.spans`` works out
the new history, this writes it; the database refuses overlaps besides (``protection``).
"""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PersonMoved
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, StandingKind
from liaoyuan.organisation.members.policies import can_decide, can_manage, can_place_in
from liaoyuan.organisation.members.rules import spans
from liaoyuan.organisation.members.rules.admission import IN_GROUPS
from liaoyuan.organisation.members.services.locking import (
    check_active,
    check_day,
    check_reason,
    locked_person,
)
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.units.services.lock import unit_for_path


def membership_move(
    *, actor: Actor, person: Person, to_unit: Unit, on: date, reason: str, group: Unit | None = None
) -> Person:
    """Let ``person`` belong to ``to_unit`` (and Party group ``group``) from ``on`` until the next recorded move; a day
    in the past corrects the history. Returns the person as stored.

    Raises DomainError for a unit that takes no home membership, a Party group for who is no member, a day to come, a
    day on which the person had left, or no change; NotPermitted without the power over both branches.
    """
    with unit_of_work():
        unit = unit_for_path(to_unit.pk)
        person = locked_person(actor, person.pk, can_decide)
        can_place_in(actor, unit).require()
        check_active(person)
        check_day(on, birth=person.birth_date)
        check_grouped(person.standing, group)
        return do_move(actor, person, unit, on=on, reason=check_reason(reason), group=group)


def do_move(
    actor: Actor,
    person: Person,
    unit: Unit,
    *,
    on: date,
    reason: str,
    group: Unit | None = None,
    source: str = "",
    source_id: UUID | None = None,
) -> Person:
    """``membership_move`` for callers that have authorised and locked unit and person themselves."""
    check_home(unit, on=on)
    group = checked_group(unit, group)
    before = person.unit_id
    rows = list(person.memberships.filter(kind=MembershipKind.HOME))
    history = [spans.Span(row.since, row.until, (row.unit_id, row.group_id), row) for row in rows]
    value = (unit.pk, group.pk if group else None)
    after = spans.moved(history, on, value)
    if after is None:
        raise DomainError(_("那一天该人不在队，不能登记组织关系。请核对日期。"), field="on")
    if after == [span for span in spans.in_order(history) if not span.empty]:
        raise DomainError(_("从那一天起本来就在“%(unit)s”，没有变动。") % {"unit": unit.name}, field="to_unit")
    store_history(person, MembershipKind.HOME, history, after, reason=reason, source=source, source_id=source_id)
    _end_attachment_at_home(person, unit, on=on)
    show_memberships(person)
    _written(actor, "members.move", person, reason, {"to": unit.code, "on": on})
    bus.publish(PersonMoved(person.pk, MembershipKind.HOME, before, person.unit_id))
    return person


def do_leave_group(person: Person, *, on: date, reason: str) -> bool:
    """Let the home memberships of ``person``, whom the caller has locked, go on without a Party group from ``on``.
    Whether he was in one."""
    rows = list(person.memberships.filter(kind=MembershipKind.HOME))
    history = [spans.Span(row.since, row.until, (row.unit_id, row.group_id), row) for row in rows]
    after = spans.changed(history, on, lambda value: (value[0], None))
    if after == [span for span in spans.in_order(history) if not span.empty]:
        return False
    store_history(person, MembershipKind.HOME, history, after, reason=reason)
    show_memberships(person)
    return True


def membership_attach(
    *, actor: Actor, person: Person, unit: Unit, since: date, reason: str, until: date | None = None
) -> Membership:
    """Let ``person`` take part in ``unit`` (挂靠) from ``since``, until the day before ``until`` if it is over already.

    Raises DomainError for the home branch itself, a unit that is no branch, or days on which he is attached elsewhere.
    """
    with unit_of_work():
        branch = unit_for_path(unit.pk)
        person = locked_person(actor, person.pk, can_manage)
        check_active(person)
        return do_attach(actor, person, branch, since=since, until=until, reason=check_reason(reason))


def do_attach(
    actor: Actor,
    person: Person,
    unit: Unit,
    *,
    since: date,
    reason: str,
    until: date | None = None,
    source: str = "",
    source_id: UUID | None = None,
) -> Membership:
    """``membership_attach`` for callers that have authorised themselves (a posting attaches). Lock the unit by
    ``units.services.lock.unit_for_path``, then the person, before calling."""
    check_day(since, field="since", birth=person.birth_date)
    if until is not None:
        check_day(until, field="until")
        if until < since:
            raise DomainError(_("挂靠结束日期早于开始日期，请核对。"), field="until")
    check_branch(unit, on=since)
    if unit.pk == person.unit_id:
        raise DomainError(_("“%(unit)s”就是该人的组织关系所在支部，不用挂靠。") % {"unit": unit.name}, field="unit")
    wanted = spans.Span(since, until, unit.pk)
    for row in person.memberships.filter(kind=MembershipKind.ATTACHED).select_related("unit"):
        if spans.overlap(wanted, spans.Span(row.since, row.until, row.unit_id)):
            raise Conflict(
                _("%(name)s 自 %(since)s 起挂靠在“%(unit)s”，与这段时间重叠。请先结束那次挂靠。")
                % {"name": person.name, "since": row.since.isoformat(), "unit": row.unit.name}
            )
    row = Membership.objects.create(
        person=person,
        kind=MembershipKind.ATTACHED,
        unit=unit,
        since=since,
        until=until,
        reason=reason,
        source=source,
        source_id=source_id,
    )
    before = person.attached_unit_id
    show_memberships(person)
    _written(actor, "members.attach", person, reason, {"unit": unit.code, "since": since, "until": until})
    if person.attached_unit_id != before:
        bus.publish(PersonMoved(person.pk, MembershipKind.ATTACHED, before, person.attached_unit_id))
    return row


def membership_detach(*, actor: Actor, person: Person, on: date, reason: str) -> Person:
    """End the attachment: from ``on`` he is back in the home branch alone."""
    with unit_of_work():
        person = locked_person(actor, person.pk, can_manage)
        return do_detach(actor, person, on=on, reason=check_reason(reason))


def do_detach(
    actor: Actor, person: Person, *, on: date, reason: str, source: str = "", source_id: UUID | None = None
) -> Person:
    """``membership_detach`` for callers that have authorised and locked the person. With ``source`` only the attachment
    that came from it ends (a posting that ends); nothing happens where there is none."""
    check_day(on)
    rows = list(person.memberships.filter(kind=MembershipKind.ATTACHED, until__isnull=True))
    if source:
        rows = [row for row in rows if row.source == source and row.source_id == source_id]
        if not rows:
            return person
    if not rows:
        raise Conflict(_("%(name)s 现在没有挂靠。") % {"name": person.name})
    row = rows[0]
    if on < row.since:
        raise DomainError(
            _("结束日期不能早于挂靠开始日期 %(since)s，请核对。") % {"since": row.since.isoformat()}, field="on"
        )
    row.until = on
    row.save(update_fields=["until"])
    before = person.attached_unit_id
    show_memberships(person)
    _written(actor, "members.detach", person, reason, {"on": on})
    if person.attached_unit_id != before:
        bus.publish(PersonMoved(person.pk, MembershipKind.ATTACHED, before, person.attached_unit_id))
    return person


def check_branch(unit: Unit, *, on: date) -> None:
    """People belong to branches, while they exist."""
    if not unit.is_branch:
        raise DomainError(_("“%(unit)s”不是党支部。人员只能编入党支部。") % {"unit": unit.name}, field="to_unit")
    if unit.dissolved_on is not None and unit.dissolved_on <= max(on, clock.today()):
        raise DomainError(_("“%(unit)s”已经撤销，请选择其他支部。") % {"unit": unit.name}, field="to_unit")
    if unit.founded_on is not None and on < unit.founded_on:
        raise DomainError(
            _("“%(unit)s”%(day)s 才成立，生效日期不能更早。") % {"unit": unit.name, "day": unit.founded_on.isoformat()},
            field="on",
        )


def check_home(unit: Unit, *, on: date) -> None:
    """A temporary branch takes no home membership (TB-01): its people are attached to it."""
    check_branch(unit, on=on)
    if unit.kind == UnitKind.TEMPORARY_BRANCH:
        raise DomainError(
            _("临时党支部不转接组织关系，请改为挂靠。"),
            field="to_unit",
            clause=_("《中国共产党支部工作条例（试行）》第8条"),
        )


def check_grouped(standing: str, group: Unit | None) -> None:
    """Only members are in a Party group."""
    if group is not None and standing not in IN_GROUPS:
        label = StandingKind(standing).label
        raise DomainError(
            _("党小组只编入党员，此人是%(standing)s。请把党小组留空。") % {"standing": label}, field="group"
        )


def checked_group(unit: Unit, group: Unit | None) -> Unit | None:
    """The Party group, fresh and locked; refused where it is not of the branch."""
    if group is None:
        return None
    group = unit_for_path(group.pk)
    if group.kind != UnitKind.GROUP or group.parent_id != unit.pk or group.dissolved_on is not None:
        raise DomainError(_("所选党小组不在“%(unit)s”，请重新选择。") % {"unit": unit.name}, field="group")
    return group


def store_history(
    person: Person,
    kind: str,
    before: list[spans.Span],
    after: list[spans.Span],
    *,
    reason: str,
    source: str = "",
    source_id: UUID | None = None,
) -> None:
    """Write the difference between two histories: first what shrinks or goes, then what grows or is new, so that no
    two rows overlap at any moment."""
    kept = {span.key.pk: span for span in after if span.key is not None}
    for old in before:
        span = kept.get(old.key.pk)
        if span is None:
            old.key.delete()
        elif span.until is not None and (old.until is None or span.until < old.until):
            old.key.until = span.until
            old.key.save(update_fields=["until"])
    for span in after:
        if span.key is None:
            Membership.objects.create(
                person=person,
                kind=kind,
                unit_id=span.value[0],
                group_id=span.value[1],
                since=span.since or date.min,  # a stored history always knows its first day
                until=span.until,
                reason=reason,
                source=source,
                source_id=source_id,
            )
        elif (span.key.since, span.key.until, span.key.unit_id, span.key.group_id) != (
            span.since,
            span.until,
            *span.value,
        ):
            row = span.key
            row.since, row.until, (row.unit_id, row.group_id) = span.since, span.until, span.value
            row.reason = reason
            row.save(update_fields=["since", "until", "unit", "group", "reason"])


def show_memberships(person: Person) -> None:
    """Bring the person's own columns in line with the rows that hold today. Who has left keeps his last place."""
    today = clock.today()
    rows = list(person.memberships.select_related("unit", "group"))
    home = next((row for row in rows if row.kind == MembershipKind.HOME and _holds(row, today)), None)
    attached = next((row for row in rows if row.kind == MembershipKind.ATTACHED and _holds(row, today)), None)
    if home is not None:
        person.unit, person.group = home.unit, home.group
        person.home_path = (home.group or home.unit).path
    person.attached_unit = attached.unit if attached else None
    person.attached_path = attached.unit.path if attached else None
    person.updated_at = clock.now()
    person.save(update_fields=["unit", "group", "home_path", "attached_unit", "attached_path", "updated_at"])


def _holds(row: Membership, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def _end_attachment_at_home(person: Person, unit: Unit, *, on: date) -> None:
    """Who moves into the branch he is attached to is no longer attached to it."""
    for row in person.memberships.filter(kind=MembershipKind.ATTACHED, unit=unit, until__isnull=True):
        row.until = max(on, row.since)
        row.save(update_fields=["until"])


def _written(actor: Actor, action: str, person: Person, reason: str, detail: dict[str, object]) -> None:
    record(
        actor,
        action,
        object_type="members.person",
        object_id=person.pk,
        object_label=person.name,
        subject_id=person.pk,
        reason=reason,
        detail=detail,
    )
