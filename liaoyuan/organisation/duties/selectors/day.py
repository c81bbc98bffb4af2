"""Everything that an evaluation for one day reads once: units, posts held, terms, the calendar, moved people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Q

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.rules import Document, Parameter, Value, parse_value
from liaoyuan.foundation.regulations.selectors import Calendar, calendar, document_on, overrides, parameter
from liaoyuan.kernel import paths
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.rules.places import place
from liaoyuan.organisation.members.models import Membership, MembershipKind, Tenure
from liaoyuan.organisation.units.models import Unit

_GROUP = "group"
_OFFICERS = frozenset(
    {"organisation_officer", "publicity_officer", "discipline_officer", "youth_officer", "committee_member"}
)
_LEADERS = _OFFICERS | {"secretary", "deputy_secretary"}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What an evaluation needs of a unit."""

    id: UUID
    code: str
    name: str
    kind: str
    path: str
    can_approve: bool
    founded_on: date | None
    planned_end_on: date | None
    dissolved_on: date | None

    def exists_on(self, on: date) -> bool:
        """Whether it had been founded and not yet dissolved."""
        return (self.founded_on is None or self.founded_on <= on) and (
            self.dissolved_on is None or self.dissolved_on > on
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a post on the day."""

    person_id: UUID
    number: str
    name: str
    user_id: UUID | None
    post: str
    post_name: str
    unit_id: UUID


@dataclass(frozen=True, slots=True)
class Term:
    """A parameter's value with the text it comes from."""

    value: Value
    document: Document
    parameter: Parameter
    override: ParameterOverride | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """Subjects to look at, for an incremental evaluation."""

    people: frozenset[UUID] = field(default_factory=frozenset)
    units: frozenset[UUID] = field(default_factory=frozenset)


@dataclass
class Day:
    """``on`` is the day asked about, ``live`` the day since which the platform counts. ``below`` narrows to a
    subtree; with ``only``, just the units of these subjects are read (enough to evaluate, not to say whose it is).
    ``answers`` notes, while a recurring rule is evaluated, which day (and fact, where one alone can) answered which
    turn: (rule, subject, key)."""

    on: date
    live: date
    below: str = ""
    only: Only | None = None
    amounts: dict[Any, dict[UUID, Any]] = field(default_factory=dict)
    answers: dict[tuple[str, UUID, str], tuple[date, UUID | None]] = field(default_factory=dict)
    missed: dict[str, Any] | None = None
    _terms: dict[tuple[str, date], tuple[Document, Parameter] | None] = field(default_factory=dict)
    _overrides: dict[str, list[ParameterOverride]] = field(default_factory=dict)

    @cached_property
    def units(self) -> dict[UUID, UnitRow]:
        """Every unit, dissolved ones too, by id."""
        columns = (
            "id", "code", "name", "kind", "path", "can_approve_members", "founded_on", "planned_end_on", "dissolved_on",
        )  # fmt: skip
        rows = Unit.objects.unscoped("duties are computed for everybody").order_by()
        if self.only is not None:
            homes = Membership.objects.filter(kind=MembershipKind.HOME, person_id__in=self.only.people)
            rows = rows.filter(Q(pk__in=self.only.units) | Q(pk__in=homes.values("unit_id")))
        return {row[0]: UnitRow(*row) for row in rows.values_list(*columns)}

    @cached_property
    def by_path(self) -> dict[str, UnitRow]:
        """Every unit by path."""
        return {unit.path: unit for unit in self.units.values()}

    @cached_property
    def holders(self) -> dict[UUID, dict[str, list[Holder]]]:
        """Posts held on the day: unit → post → holders, longest in office first."""
        found: dict[UUID, dict[str, list[Holder]]] = defaultdict(lambda: defaultdict(list))
        rows = (
            Tenure.objects.filter(since__lte=self.on)
            .filter(Q(until__isnull=True) | Q(until__gte=self.on))
            .filter(Q(person__left_on__isnull=True) | Q(person__left_on__gt=self.on))
            .order_by("since", "id")
        )
        if self.only is not None:
            rows = rows.filter(Q(unit_id__in=self.only.units) | Q(person_id__in=self.only.people))
        columns = (
            "person_id", "person__number", "person__name", "person__user_id", "post__code", "post__name", "unit_id",
        )  # fmt: skip
        for row in rows.values_list(*columns):
            holder = Holder(*row)
            found[holder.unit_id][holder.post].append(holder)
        return found

    @cached_property
    def leaders(self) -> frozenset[UUID]:
        """People who sit on a branch committee or lead a branch."""
        return frozenset(
            holder.person_id
            for posts in self.holders.values()
            for post, holders in posts.items()
            if post in _LEADERS
            for holder in holders
        )

    def has_committee(self, unit_id: UUID) -> bool:
        """Whether a branch has a committee: somebody holds an officer's post beside the secretary."""
        return not _OFFICERS.isdisjoint(self.holders.get(unit_id, ()))

    @cached_property
    def calendar(self) -> Calendar:
        """Working days around the day."""
        return calendar(self.on.year - 1, self.on.year + 1)

    @cached_property
    def moved(self) -> dict[UUID, UUID]:
        """Whose home branch on the day was not the present one: person → unit."""
        rows = Membership.objects.filter(
            kind=MembershipKind.HOME, since__lte=self.on, until__gt=self.on, until__isnull=False
        )
        if self.only is not None:
            rows = rows.filter(person_id__in=self.only.people)
        return dict(rows.values_list("person_id", "unit_id"))

    def every_value(self, parameter_id: str) -> list[Term]:
        """The value of the text in force on the day, and every unit's own."""
        document, found = parameter(parameter_id, on=self.on)
        usual = Term(found.value, document, found)
        own = overrides(parameter_id, on=self.on)
        return [usual, *(Term(parse_value(found.type, one.value), document, found, one) for one in own)]

    def term(self, parameter_id: str, path: str, text_of: date) -> Term | None:
        """The value that binds at ``path``, of the version of the text that was in force on ``text_of``; None where
        that version sets none."""
        key = (parameter_id, document_on(parameter_id.partition(".")[0], text_of).since)
        if key not in self._terms:
            try:
                self._terms[key] = parameter(parameter_id, on=text_of)
            except KeyError:
                self._terms[key] = None
        found = self._terms[key]
        if found is None:
            return None
        if parameter_id not in self._overrides:
            self._overrides[parameter_id] = overrides(parameter_id, on=self.on)
        for override in self._overrides[parameter_id]:
            if path.startswith(override.path):
                return Term(parse_value(found[1].type, override.value), *found, override)
        return Term(found[1].value, *found)

    def above(self, path: str, up: int) -> UnitRow | None:
        """The unit ``up`` levels above; the top where there are fewer. None for a path that no unit has."""
        while up and len(path) > paths.WIDTH:
            path, up = path[: -paths.WIDTH], up - 1
        return self.by_path.get(path)

    @cached_property
    def approving(self) -> frozenset[str]:
        """Paths of the units that may approve members."""
        return frozenset(unit.path for unit in self.units.values() if unit.can_approve)

    def responsible(self, rule: DutyRule, path: str) -> tuple[UnitRow | None, list[Holder]]:
        """The unit that answers for a duty at ``path``, and who holds the first of the rule's posts that is filled
        there; with every post vacant, the unit above answers, and so on up. Never sideways."""
        if rule.at == "self":
            return self.by_path.get(path), []
        return self.filled(self.by_path.get(place(rule.at, path, self.approving)), rule.posts)

    def filled(self, unit: UnitRow | None, posts: Iterable[str]) -> tuple[UnitRow | None, list[Holder]]:
        """The unit, or the nearest above it, where one of the posts is filled, with the holders of every such post, the
        first named first."""
        wanted = tuple(posts)
        first = unit
        while unit is not None:
            held = self.holders.get(unit.id, {})
            found = [holder for post in wanted for holder in held.get(post, ())]
            if unit.kind == _GROUP and not found:
                wanted = (*wanted, "secretary", "deputy_secretary")
            if found:
                return unit, list({holder.person_id: holder for holder in found}.values())
            if len(unit.path) <= paths.WIDTH:
                break
            unit = self.above(unit.path, 1)
            wanted = tuple(dict.fromkeys((*wanted, "secretary", "deputy_secretary")))
        return first, []
