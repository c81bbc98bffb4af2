"""The member list: rows in tree order off one index."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from liaoyuan.kernel.paths import minimal, upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import Capability
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import search_condition

HOME, ATTACHED = "home", "attached"
_COLUMNS = (
    "number",
    "name",
    "sex",
    "ethnicity",
    "birth_date",
    "native_place",
    "education",
    "category",
    "rank",
    "position",
    "standing",
    "joined_on",
    "full_since",
    "active",
    "left_on",
    "home_path",
    "unit__name",
    "group__name",
    "attached_unit__name",
)


UNITS = ("unit", "group", "attached_unit")


def people_rows(actor: Actor, *, joins: Sequence[str] = UNITS) -> QuerySet[Person]:
    """People whose home (or, narrowed by ``belonging``, attachment) lies in the actor's reach, in tree order, then by
    rank, with the names of the units in ``joins``; without what is encrypted.

    Home and attachment are two questions: as one ("either lies in reach") they would have to be collected and sorted
    whole before the first page; each alone reads just its page off an index.
    """
    rows = Person.objects.unscoped("narrowed by belonging() to the actor's reach")
    if joins:
        rows = rows.select_related(*joins)
    return rows.only(*_COLUMNS).order_by("home_path", "rank_order", "id")


def belonging(actor: Actor, rows: QuerySet[Person], which: str = HOME) -> QuerySet[Person]:
    """``rows`` whose home (``HOME``) or attachment (``ATTACHED``) lies in the actor's reach of ``members.view``."""
    return _under(rows, "attached_path" if which == ATTACHED else "home_path", actor.reach(Capability.VIEW), which)


def people_of_unit(actor: Actor, unit: Unit, *, limit: int) -> list[Person] | None:
    """The first people in service of a unit and below, for its page; None where the actor may not see them."""
    if not actor.covers(Capability.VIEW, unit.path):
        return None
    rows = people_rows(actor).filter(home_path__gte=unit.path, home_path__lt=upper(unit.path), active=True)
    return list(rows[:limit])


def in_units(actor: Actor, rows: QuerySet[Person], q: str, which: str = HOME) -> QuerySet[Person]:
    """``rows`` in the units whose code or name ``q`` means, and below. A unit out of reach holds nobody."""
    units = Unit.objects.visible_to(actor, Capability.VIEW)
    exact = list(units.filter(code__iexact=q.strip()).values_list("path", flat=True)[:1])
    found = exact or list(units.filter(search_condition(q)).values_list("path", flat=True)[:50])
    return _under(rows, "attached_path" if which == ATTACHED else "home_path", minimal(found), which)


def _under(rows: QuerySet[Person], column: str, prefixes: tuple[str, ...], which: str) -> QuerySet[Person]:
    if "" in prefixes:
        return rows.exclude(attached_path=None) if which == ATTACHED else rows
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(**{f"{column}__gte": prefix, f"{column}__lt": upper(prefix)})
    return rows.filter(condition)


def after(rows: QuerySet[Person], cursor: tuple[str, int, Any]) -> QuerySet[Person]:
    """The rows behind ``(home_path, rank_order, id)`` in tree order: any page of the API costs the same."""
    path, rank, key = cursor
    behind = Q(home_path=path, rank_order__gt=rank) | Q(home_path=path, rank_order=rank, id__gt=key)
    return rows.filter(Q(home_path__gt=path) | behind, home_path__gte=path)
