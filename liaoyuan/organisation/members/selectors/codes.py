"""Accounts of a branch's people, for the slips with initial codes."""

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import can_hand_out_codes
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import accounts_beyond


def branch_users(actor: Actor, unit: Unit) -> list[User]:
    """The accounts of everybody in service whose home is ``unit`` or below, by rank; without those whose grants reach
    beyond the actor's own, for whoever prints a code could use it. NotPermitted without ``accounts.initial_codes``
    there."""
    can_hand_out_codes(actor, unit).require()
    rows = Person.objects.unscoped("can_hand_out_codes has decided for the whole unit").filter(
        home_path__gte=unit.path, home_path__lt=upper(unit.path), active=True, user__isnull=False
    )
    people = (
        rows.select_related("user").only("rank_order", "home_path", "user").order_by("home_path", "rank_order", "id")
    )
    users = [person.user for person in people if person.user is not None]
    beyond = accounts_beyond(actor, [user.pk for user in users])
    return [user for user in users if user.pk not in beyond]
