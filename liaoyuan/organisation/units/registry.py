"""What higher apps add to units: tabs of a unit's page, people counts, who is there, and why a unit cannot end.

Everything is registered from ``AppConfig.ready``. The functions below are called with the actor and must scope what
they return themselves; each costs a constant number of queries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit


@dataclass(frozen=True, slots=True)
class UnitTab:
    """A tab of the unit page. ``build(actor, unit)`` gives the context of ``template``; None hides the tab."""

    key: str
    label: str
    template: str
    order: int
    build: Callable[[Actor, Unit], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class UnitCount:
    """People in a unit and below: all, members (full and probationary), full members; and who is only attached there,
    coming from outside it."""

    people: int = 0
    members: int = 0
    full: int = 0
    attached: int = 0


@dataclass(frozen=True, slots=True)
class UnitPerson:
    """A person of a unit, for choosing in a form. ``group_id`` is the Party group, ``user_id`` the account if any."""

    id: UUID
    name: str
    note: str = ""
    group_id: UUID | None = None
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One reason why a user may do something: capabilities over a unit and below, and the chain that gave them."""

    title: str
    capabilities: tuple[str, ...]
    unit_id: UUID
    unit_name: str
    path: str
    since: date
    until: date | None
    chain: tuple[str, ...]
    source: str


Counter = Callable[[Actor, Sequence[Unit]], Mapping[UUID, UnitCount]]
Occupancy = Callable[[Sequence[UUID]], int | str]
People = Callable[[Actor, Unit], Sequence[UnitPerson]]
AccessSource = Callable[[Any], Sequence[AccessLine]]

_tabs: dict[str, UnitTab] = {}
_counters: dict[str, Counter] = {}
_occupancy: list[Occupancy] = []
_people: list[People] = []
_access: list[AccessSource] = []


def add_unit_tab(tab: UnitTab) -> None:
    """Add a tab to the unit page."""
    _tabs[tab.key] = tab


def unit_tabs() -> list[UnitTab]:
    """The unit page's tabs in order."""
    return sorted(_tabs.values(), key=lambda tab: tab.order)


def register_counter(counter: Counter) -> Counter:
    """Register who counts people: ``counter(actor, units) -> {unit id: UnitCount of the subtree}`` in one query, for
    those of ``units`` whose strength the actor may know."""
    _counters["people"] = counter
    return counter


def counts_of(actor: Actor, units: Sequence[Unit]) -> Mapping[UUID, UnitCount]:
    """People in each of ``units`` and below, without those whose strength is not for the actor; empty where nobody
    counts yet."""
    counter = _counters.get("people")
    return counter(actor, units) if counter is not None and units else {}


def register_occupancy(check: Occupancy) -> Occupancy:
    """Register a check that keeps a unit from ending: ``check(unit_ids)`` gives the number of people who still belong
    there, or the sentence to refuse with; 0 or "" lets it end. It runs inside the transaction, under the tree lock."""
    if check not in _occupancy:
        _occupancy.append(check)
    return check


def occupancy(unit_ids: Sequence[UUID]) -> list[int | str]:
    """What keeps these units from ending."""
    return [answer for answer in (check(unit_ids) for check in _occupancy) if answer]


def register_people(source: People) -> People:
    """Register who lists a unit's people for forms (split, delegation): ``source(actor, unit)``, in scope, by name."""
    _people[:] = [source]
    return source


def people_of(actor: Actor, unit: Unit) -> Sequence[UnitPerson]:
    """The people of a unit that the actor may see; none where no app lists them."""
    return _people[0](actor, unit) if _people else ()


def register_access(source: AccessSource) -> AccessSource:
    """Register capabilities that do not come from a Grant row (e.g. from belonging to a branch), with their chain."""
    if source not in _access:
        _access.append(source)
    return source


def access_lines(user: Any) -> list[AccessLine]:
    """Every registered reason, besides grants, why ``user`` may do something today."""
    return [line for source in _access for line in source(user)]
