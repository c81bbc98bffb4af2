"""Whom a narrowed map leaves, where they are so few that seeing the map is looking each of them up."""

from uuid import UUID

from liaoyuan.desk.insights.selectors import past
from liaoyuan.desk.insights.selectors.reach import Filters, Reach, presences, reach_of
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.whereabouts.selectors.bases import home_bases


def handful(actor: Actor, filters: Filters, *, most: int) -> list[Person]:
    """Everybody on the map that ``filters`` leave, wherever he is (a box is no filter: it would say where somebody is
    not); [] where they are more than ``most``. Two queries now, some more for a past day."""
    reach = reach_of(actor, filters)
    if filters.on is not None and filters.on < clock.today():
        found = _then(actor, reach, filters)
    else:
        found = list(presences(actor, reach, filters).order_by().values_list("pk", flat=True)[: most + 1])
    if len(found) > most:
        return []
    return list(Person.objects.unscoped("they are on the viewer's map").filter(pk__in=found).order_by("pk"))


def _then(actor: Actor, reach: Reach, filters: Filters) -> list[UUID]:
    """Who was somewhere on the day: those placed by a posting or check-in, and the others of units with a base."""
    others = past.placed(actor, reach, filters)
    found = [item.person for item in others if item.place is not None]
    if filters.purpose:
        return found
    elsewhere, bases = set(found), home_bases()
    rows = past.belonging(actor, reach, filters).values_list("person_id", "unit_id", "group_id")
    return found + [person for person, unit, group in rows if person not in elsewhere and (group or unit) in bases]
