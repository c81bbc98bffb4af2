"""Showing an ID number or a phone in full: once, for a written reason, on the record."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import read
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import can_reveal
from liaoyuan.organisation.members.services.locking import check_reason, locked_person

FIELDS = ("id_number", "phone")


@dataclass(frozen=True, slots=True)
class Revealed:
    """What may be shown this one time."""

    field: str
    value: str


def person_reveal(*, actor: Actor, person: Person, field: str, reason: str) -> Revealed:
    """The whole ``id_number`` or ``phone`` of ``person``. The person sees who looked, when and why.

    Raises NotPermitted (recorded) without ``members.reveal``, DomainError without a reason.
    """
    with unit_of_work():
        person = locked_person(actor, person.pk, can_reveal)
        if field not in FIELDS:
            raise DomainError(_("只能显示身份证号或联系电话。"), field="field")
        read(actor, "members.reveal", person, reason=check_reason(reason), field=field)
        return Revealed(field, getattr(person, field))
