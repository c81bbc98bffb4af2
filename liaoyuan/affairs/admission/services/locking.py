"""Fetching a case to act in: locked, fresh.

Order of locks: the person's row → the case → (inside ``members``) account rows → the audit chain. A move of the person
holds the person's row before it reaches the case, so acts take it first too. Who needs a meeting of which a ballot may
be open locks it before the case (``agenda.motions_leave``): the close of a ballot holds the meeting when it reaches it.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person


def locked_case(actor: Actor, case_id: UUID) -> Case:
    """The case, locked with its person until the end of the transaction. NotInScope where the actor may not see it."""
    seen = Case.objects.visible_to(actor, Capability.VIEW).filter(pk=case_id).values_list("person_id", flat=True)
    person_id = seen.first()
    if person_id is None:
        raise NotInScope()
    list(Person.objects.unscoped("locked before the case").select_for_update().filter(pk=person_id).values_list("pk"))
    row: Case = Case.objects.visible_to(actor, Capability.VIEW).select_for_update().get(pk=case_id)
    return row


def check_words(text: str, *, field: str) -> str:
    """A sentence that tells something: at least two letters, characters or digits."""
    words = " ".join(text.split())
    if sum(character.isalnum() for character in words) < 2:
        raise DomainError(_("请写明情况，别人查看记录时要能看懂。"), field=field)
    return words[:300]
