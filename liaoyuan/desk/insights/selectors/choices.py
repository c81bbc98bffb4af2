"""What the map's filters offer, and whom a search finds."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from liaoyuan.desk.insights.policies import Capability
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.codes import RANKS
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.units.rules import normalise_code
from liaoyuan.organisation.whereabouts.models import Purpose

FIRST_DAY = date(2000, 1, 1)
FOUND = 20


def units(actor: Actor) -> QuerySet[Unit]:
    """Units on the actor's map, without groups and dissolved ones, in the tree's order."""
    rows = Unit.objects.visible_to(actor, Capability.MAP).exclude(kind=UnitKind.GROUP)
    return rows.filter(dissolved_on__isnull=True).order_by("path")


def unit_id(actor: Actor, code: str) -> str:
    """The id of the actor's unit with this code; what is an id already stays. NotInScope where it is none of his."""
    try:
        return str(UUID(code))
    except ValueError:
        found = units(actor).filter(code=normalise_code(code)).values_list("pk", flat=True).first()
    if found is None:
        raise NotInScope()
    return str(found)


def ranks() -> list[str]:
    """Ranks of today's code list, the most senior first."""
    return list(RANKS)


def purposes() -> list[tuple[str, str]]:
    """Purposes in the form's order."""
    return [(str(key), name) for key, name in Purpose.objects.values_list("pk", "name")]


def people_named(actor: Actor, text: str) -> list[Person]:
    """People whose names the actor may see on the map, by name, pinyin, initials or number; at most FOUND + 1."""
    low = text.lower()
    rows = Person.objects.visible_to(actor, Capability.NAMES).filter(active=True)
    rows = rows.filter(
        Q(name__startswith=text) | Q(pinyin__startswith=low) | Q(initials__startswith=low)
        | Q(number__in=[text, text.upper()])
    )  # fmt: skip
    return list(rows.select_related("unit").order_by("home_path", "rank_order", "pk")[: FOUND + 1])
