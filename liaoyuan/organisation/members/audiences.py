"""To whom one may write: the people of a unit and all below it. Registered in foundation.inbox."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.inbox.audiences import Recipients, register_audience, register_contacts
from liaoyuan.foundation.inbox.policies import Capability
from liaoyuan.kernel import paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors.tree import unit_options

AUDIENCE = "members.unit"


class UnitChoice(forms.ModelChoiceField):
    """Units by their place in the tree."""

    def label_from_instance(self, unit: Any) -> str:
        """The name, indented as in the tree."""
        return "　" * max(0, paths.depth(unit.path) - 1) + str(unit.name)


def register() -> None:
    """Called once from ``MembersConfig.ready``."""
    register_audience(AUDIENCE, gettext_lazy("本级及所属人员"), field=_field, resolve=people_of)
    register_contacts("webhook", phones)


def _field(actor: Actor) -> forms.Field:
    return UnitChoice(
        label=_("发给"),
        queryset=unit_options(actor, Capability.SEND),
        help_text=_("该组织及其所属组织的在队人员（含挂靠的），有账号的都会收到。"),
    )


def people_of(actor: Actor, unit: Unit) -> Recipients:
    """The accounts of everybody present in ``unit`` and below, by home or attached branch. One query. Raises NotInScope
    where the actor may not write."""
    if not actor.covers(Capability.SEND, unit.path):
        raise NotInScope()
    end = paths.upper(unit.path)
    here = Q(home_path__gte=unit.path, home_path__lt=end) | Q(attached_path__gte=unit.path, attached_path__lt=end)
    people = Person.objects.visible_to(actor, Capability.SEND).filter(here, active=True, user__is_active=True)
    return Recipients(
        tuple(people.order_by("pk").values_list("user_id", flat=True)), _("%(unit)s及所属") % {"unit": unit.name}
    )


def phones(user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Telephone numbers by account, for the gateway the administrator has named."""
    people = Person.objects.unscoped("the platform sends to its own people").filter(user__in=list(user_ids))
    return {
        person.user_id: person.phone for person in people.only("user_id", "phone") if person.user_id and person.phone
    }
