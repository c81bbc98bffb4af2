"""The listed people over whom the actor holds more than ``members.view``: what a list tells besides names."""

from django.db.models import QuerySet

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.selectors.listing import ATTACHED, HOME, _under


def holding(actor: Actor, rows: QuerySet[Person], capability: str, which: str = HOME) -> QuerySet[Person]:
    """``rows`` whose home (``HOME``) or attachment (``ATTACHED``) lies in the actor's reach of ``capability``."""
    return _under(rows, "attached_path" if which == ATTACHED else "home_path", actor.reach(capability), which)
