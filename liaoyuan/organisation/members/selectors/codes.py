"""Accounts of a branch's people, for the slips with initial codes."""

from dataclasses import dataclass

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import has_initial_code
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import can_hand_out_codes
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import accounts_beyond


@dataclass(frozen=True, slots=True)
class BranchCodes:
    """The accounts below a unit as the actor may hand out their initial codes. ``waiting``: never used, a slip each,
    by unit and rank; ``used``: how many have a password of their own (or are closed); ``beyond``: how many may do more
    than the actor, whose slips are the level above's to print."""

    waiting: tuple[User, ...]
    used: int
    beyond: int


def branch_codes(actor: Actor, unit: Unit) -> BranchCodes:
    """The accounts of everybody in service whose home is ``unit`` or below. Those whose grants reach beyond the actor's
    own are only counted, for whoever prints a code could use it. NotPermitted without ``accounts.initial_codes``
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
    own = [user for user in users if user.pk not in beyond]
    waiting = tuple(user for user in own if user.is_active and has_initial_code(user))
    return BranchCodes(waiting, used=len(own) - len(waiting), beyond=len(users) - len(own))
