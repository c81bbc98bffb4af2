"""Posts: who holds which, and the grants that follow."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import bus, clock, paths
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PersonChanged
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.members.policies import Capability, can_decide, can_place_in
from liaoyuan.organisation.members.rules.admission import tenure_findings
from liaoyuan.organisation.members.rules.spans import Span
from liaoyuan.organisation.members.services.locking import (
    check_active,
    check_conceivable,
    check_day,
    check_reason,
    locked_person,
)
from liaoyuan.organisation.units.models import Post, Unit
from liaoyuan.organisation.units.services import assert_may_give, grants_of_tenure, role_of_post
from liaoyuan.organisation.units.services.lock import unit_for_path


def tenure_begin(
    *,
    actor: Actor,
    person: Person,
    unit: Unit,
    post: Post,
    since: date,
    until: date | None = None,
    note: str = "",
) -> Tenure:
    """``person`` holds ``post`` in ``unit`` from ``since`` to ``until`` (included; None = open). An account gets the
    post's grant at once; without an account, when one is linked.

    Raises DomainError where the standing does not allow the post, the post does not belong into such a unit or the
    person is not of it, Conflict for a double; NotPermitted where the post gives more than the actor holds there.
    """
    with unit_of_work():
        unit = unit_for_path(unit.pk)
        person = locked_person(actor, person.pk, can_decide)
        can_place_in(actor, unit).require()
        role = role_of_post(post, unit)
        if role is not None:
            assert_may_give(actor, role, unit)
        check_active(person)
        _check_post(person, unit, post)
        check_day(since, field="since", birth=person.birth_date)
        if until is not None and check_conceivable(until, field="until") < since:
            raise DomainError(_("免职日期早于任职日期，请核对。"), field="until")
        _check_standing(person, post, since)
        _check_double(person, unit, post, since, until)
        tenure = Tenure.objects.create(
            person=person, unit=unit, post=post, since=since, until=until, note=" ".join(note.split())[:120]
        )
        grants_of_tenure(
            user=person.user, tenure_id=tenure.pk, post=post, unit=unit, since=since, until=until, actor=actor
        )
        _written(actor, "members.tenure_begin", tenure, note, {"since": since, "until": until})
        bus.publish(PersonChanged(person.pk))
        return tenure


def tenure_end(*, actor: Actor, tenure: Tenure, on: date, reason: str) -> Tenure:
    """End a post: ``on`` is its last day. Grants from it end with it.

    Raises Conflict where it has ended, DomainError for a day before its first or to come.
    """
    with unit_of_work():
        unit = unit_for_path(tenure.unit_id)
        person = locked_person(actor, tenure.person_id, can_decide)
        can_place_in(actor, unit).require()
        tenure = Tenure.objects.select_for_update().select_related("post", "unit").get(pk=tenure.pk, person=person)
        check_day(on)
        if tenure.until is not None and tenure.until < clock.today():
            raise Conflict(_("这项任职已于 %(day)s 结束。") % {"day": tenure.until.isoformat()})
        if on < tenure.since:
            raise DomainError(_("免职日期不能早于任职日期 %(day)s。") % {"day": tenure.since.isoformat()}, field="on")
        _close(actor, person, tenure, on, check_reason(reason))
        bus.publish(PersonChanged(person.pk))
        return tenure


def end_tenures(
    actor: Actor,
    person: Person,
    *,
    last_day: date,
    unit: Unit | None = None,
    reason: str = "",
    of_members: bool = False,
) -> None:
    """End every post of ``person`` (or only those in ``unit``, or those for full members) that runs past ``last_day``.
    The caller has authorised and locked the person; a post that began later ends on its first day."""
    rows = person.tenures.filter(Q(until__isnull=True) | Q(until__gt=last_day)).select_related("post", "unit")
    if of_members:
        rows = rows.filter(post__needs_full_member=True)
    for row in rows if unit is None else rows.filter(unit=unit):
        _close(actor, person, row, max(last_day, row.since), reason or _("已离队"))


def check_may_end(actor: Actor, held: Iterable[Tenure]) -> None:
    """Raise NotPermitted where a post of these is in a unit that is not the actor's to manage."""
    for row in held:
        if not actor.covers(Capability.MANAGE, row.unit.path):
            names = {"name": row.person.name, "unit": row.unit.name, "post": row.post.name}
            raise NotPermitted(
                _("%(name)s 还担任“%(unit)s”%(post)s，您无权免去。请先由上级组织干事免职，再来办理。") % names
            )


def grants_follow(actor: Actor, person: Person) -> None:
    """Give or take the grants of every running post, after the account was linked or unlinked."""
    for row in running_tenures(person):
        grants_of_tenure(
            user=person.user,
            tenure_id=row.pk,
            post=row.post,
            unit=row.unit,
            since=row.since,
            until=row.until,
            actor=actor,
        )


def assert_may_carry(actor: Actor, person: Person) -> None:
    """Raise NotPermitted where a running post of ``person`` gives more than ``actor`` holds at its unit: tying an
    account gives those powers to it, as ``tenure_begin`` would."""
    for row in running_tenures(person):
        role = role_of_post(row.post, row.unit)
        if role is not None:
            assert_may_give(actor, role, row.unit)


def running_tenures(person: Person) -> QuerySet[Tenure]:
    """The posts that ``person`` holds today or will hold, with post and unit."""
    rows = person.tenures.filter(Q(until__isnull=True) | Q(until__gte=clock.today()))
    return rows.select_related("post", "unit")


def _close(actor: Actor, person: Person, tenure: Tenure, last_day: date, reason: str) -> None:
    tenure.until = last_day
    tenure.save(update_fields=["until"])
    grants_of_tenure(
        user=person.user,
        tenure_id=tenure.pk,
        post=tenure.post,
        unit=tenure.unit,
        since=tenure.since,
        until=last_day,
        actor=actor,
    )
    _written(actor, "members.tenure_end", tenure, reason, {"until": last_day})


def _check_post(person: Person, unit: Unit, post: Post) -> None:
    if unit.dissolved_on is not None:
        raise DomainError(_("“%(unit)s”已经撤销，不能任职。") % {"unit": unit.name}, field="unit")
    if post.unit_kinds and unit.kind not in post.unit_kinds:
        raise DomainError(
            _("“%(unit)s”不设“%(post)s”，请重新选择。") % {"unit": unit.name, "post": post.name}, field="post"
        )
    belongs = paths.within(person.home_path, unit.path) or (
        person.attached_path is not None and paths.within(person.attached_path, unit.path)
    )
    if post.needs_full_member and not belongs:
        raise DomainError(
            _("%(name)s 的组织关系不在“%(unit)s”，也没有挂靠在那里，不能在该组织任职。")
            % {"name": person.name, "unit": unit.name},
            field="unit",
        )


def _check_standing(person: Person, post: Post, since: date) -> None:
    rows = [Span(row.since, row.until, row.kind) for row in person.standings.all()]
    findings = tenure_findings(
        post.name,
        needs_full_member=post.needs_full_member,
        standings=rows,
        full_since=person.full_since,
        since=since,
        limits=limits_at(person.home_path or ""),
    )
    for finding in findings:
        if finding.blocking:
            raise DomainError(finding.message, field=finding.field, clause=finding.clause)


def _check_double(person: Person, unit: Unit, post: Post, since: date, until: date | None) -> None:
    rows = person.tenures.filter(unit=unit, post=post).filter(Q(until__isnull=True) | Q(until__gte=since))
    if until is not None:
        rows = rows.filter(since__lte=until)
    if rows.exists():
        raise Conflict(
            _("%(name)s 在这段时间已经担任“%(unit)s”%(post)s。")
            % {"name": person.name, "unit": unit.name, "post": post.name}
        )


def _written(actor: Actor, action: str, tenure: Tenure, reason: str, detail: dict[str, object]) -> None:
    record(
        actor,
        action,
        object_type="members.tenure",
        object_id=tenure.pk,
        object_label=f"{tenure.person.name}：{tenure.unit.name}{tenure.post.name}",
        subject_id=tenure.person_id,
        reason=reason,
        detail=detail,
    )
