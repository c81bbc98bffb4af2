"""Persons: taken in, corrected."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.columns import columns_of
from liaoyuan.organisation.members.events import PersonChanged, PersonMoved
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Standing
from liaoyuan.organisation.members.policies import can_manage, can_place_in
from liaoyuan.organisation.members.rules.admission import AdmissionDates, Finding, admission_findings, standing_history
from liaoyuan.organisation.members.rules.fields import PersonData, data_findings, tidied
from liaoyuan.organisation.members.services.account import account_name_follows
from liaoyuan.organisation.members.services.locking import check_conceivable, check_day, check_unchanged, locked_person
from liaoyuan.organisation.members.services.membership import check_grouped, check_home, checked_group
from liaoyuan.organisation.members.services.standing import show_standing
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services.lock import unit_for_path

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")
# What the trail may not hold: only that it changed.
_SECRET = frozenset({"id_number", "phone"})


def person_create(
    *,
    actor: Actor,
    number: str,
    data: PersonData,
    unit: Unit,
    since: date,
    group: Unit | None = None,
    standing: str = "masses",
    dates: AdmissionDates | None = None,
    reason: str = "",
) -> Person:
    """Take a person into ``unit`` from ``since`` with his standing and its dates.

    Raises DomainError naming the field for anything the rules refuse, Conflict where the number or the ID number is
    taken, NotPermitted without the power over the branch.
    """
    dates = dates or AdmissionDates()
    with unit_of_work():
        unit = unit_for_path(unit.pk)
        can_place_in(actor, unit).require()
        check_home(unit, on=since)
        check_grouped(standing, group)
        group = checked_group(unit, group)
        check_day(since, field="since", birth=data.birth_date)
        for name, _kind, day in dates.steps():
            if day is not None:
                check_conceivable(day, field=name)
        data = tidied(data)
        _refuse(data_findings(data, today=clock.today()))
        today, limits = clock.today(), limits_at(unit.path)
        _refuse(admission_findings(standing, dates, birth=data.birth_date, today=today, limits=limits))
        person = Person(number=_checked_number(number), unit=unit, group=group, standing=standing, **columns_of(data))
        person.home_path = (group or unit).path
        _save_new(person)
        Membership.objects.create(
            person=person, kind=MembershipKind.HOME, unit=unit, group=group, since=since, reason=reason
        )
        for span in standing_history(standing, dates):
            Standing.objects.create(person=person, kind=span.value, since=span.since, until=span.until)
        show_standing(person)
        _written(actor, "members.create", person, reason, {"unit": unit.code})
        bus.publish(PersonChanged(person.pk))
        bus.publish(PersonMoved(person.pk, MembershipKind.HOME, None, unit.pk))
        return person


def person_update(
    *, actor: Actor, person: Person, data: PersonData, expected: datetime | None, reason: str = ""
) -> Person:
    """Correct a person's data. ``expected`` is ``updated_at`` as the form showed it: Conflict where somebody saved
    meanwhile. Only what differs is written and recorded; of ID number and phone, only that they changed."""
    with unit_of_work():
        person = locked_person(actor, person.pk, can_manage)
        check_unchanged(person, expected)
        data = tidied(data)
        _refuse(data_findings(data, today=clock.today()))
        applied = min((row.since for row in person.standings.filter(kind="applicant") if row.since), default=None)
        today, limits = clock.today(), limits_at(person.home_path or "")
        _refuse(admission_findings("", AdmissionDates(applied), birth=data.birth_date, today=today, limits=limits))
        columns = columns_of(data)
        before = {name: getattr(person, name) for name in columns}
        changed = [name for name in columns if before[name] != columns[name]]
        if not changed:
            return person
        if "birth_date" in changed:
            _check_birth(person, data.birth_date)
        for name in changed:
            setattr(person, name, columns[name])
        person.updated_at = clock.now()
        _save_unique(person, [*changed, "updated_at"])
        if "name" in changed:
            account_name_follows(actor, person)
        _written(actor, "members.update", person, reason, {"changed": _told(changed, before, columns)})
        bus.publish(PersonChanged(person.pk))
        return person


def _check_birth(person: Person, birth: date | None) -> None:
    first = person.memberships.order_by("since").values_list("since", flat=True).first()
    if birth is not None and first is not None and first < birth:
        raise DomainError(
            _("出生日期 %(birth)s 晚于最早的编入日期 %(since)s，请核对。")
            % {"birth": birth.isoformat(), "since": first.isoformat()},
            field="birth_date",
        )


def _told(changed: list[str], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What the trail tells of a change: the old and new value, but for secrets and derived columns."""
    told: dict[str, Any] = {}
    for name in changed:
        if name in _SECRET:
            told[name] = "…"
        elif name in PersonData.__dataclass_fields__:
            told[name] = [before[name], after[name]]
    return told


def _checked_number(raw: str) -> str:
    number = raw.strip().upper()
    if not _NUMBER.fullmatch(number):
        raise DomainError(_("人员编号只能由字母、数字和短横组成，不超过 32 个字符，例如 P000001。"), field="number")
    if Person.objects.unscoped("numbers are unique in the whole instance").filter(number=number).exists():
        raise Conflict(_("人员编号 %(number)s 已被使用，请换一个。") % {"number": number}, field="number")
    return number


def _save_new(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(person) from error


def _save_unique(person: Person, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            person.save(update_fields=fields)
    except IntegrityError as error:
        raise _taken(person) from error


def _taken(person: Person) -> Conflict:
    """The sentence does not say whose: that would tell about people out of scope."""
    others = Person.objects.unscoped("ID numbers are unique in the whole instance").exclude(pk=person.pk)
    if person.id_index and others.filter(id_index=person.id_index).exists():
        return Conflict(_("这个身份证号已登记在另一人名下，请核对；确属同一人时请联系组织干事。"), field="id_number")
    return Conflict(_("人员编号 %(number)s 已被使用，请换一个。") % {"number": person.number}, field="number")


def _refuse(findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.blocking:
            raise DomainError(finding.message, field=finding.field, clause=finding.clause)


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
