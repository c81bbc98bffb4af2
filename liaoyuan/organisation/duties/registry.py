"""Every duty rule of the product: each app registers its folder; the rule book and ``doctor`` read them here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from liaoyuan.foundation.regulations.selectors import documents
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.duties.rules.declared import DutyRule, Step, check_unique, read_folder, read_ladder

# Where a duty is seen to: (actor, duty) → the address in the app that owns the affair, "" where there is none for him.
Door = Callable[[Actor, Any], str]

_folders: list[Path] = []
_doors: dict[str, Door] = {}
_companions: dict[str, "Companions"] = {}


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody who is told of a duty beside whoever is responsible: his account, his name, as what."""

    user_id: UUID
    name: str
    what: str


class Companions(Protocol):
    """What an app that names people for somebody has to say: they hear of what is due about him, and may read it."""

    def of(self, people: Collection[UUID] | None) -> Mapping[UUID, tuple[Beside, ...]]:
        """Who is told, by the person whom it is about: of these people, or of everybody. One query."""

    def about(self, person_id: UUID) -> Any:
        """The ids of those of whose duties somebody is told, for a query."""


def add_companions(rules: Iterable[str], companions: Companions) -> None:
    """Let others hear of these rules' duties, from ``AppConfig.ready``. They remind nobody else and decide nothing."""
    _companions.update(dict.fromkeys(rules, companions))


def beside(rule_id: str, people: Collection[UUID] | None = None) -> Mapping[UUID, tuple[Beside, ...]]:
    """Who is told of a rule's duties beside whoever is responsible, by person. No query for a rule without."""
    found = _companions.get(rule_id)
    return found.of(people) if found is not None else {}


def told_to(person_id: UUID) -> Iterator[tuple[str, Any]]:
    """Rules of which a person may be told beside others, each with the ids of those whom it is about."""
    for rule_id, companions in _companions.items():
        yield rule_id, companions.about(person_id)


def add_door(rules: Iterable[str], door: Door) -> None:
    """Let the pages of these rules' duties lead to the app where they are seen to, from ``AppConfig.ready``."""
    _doors.update(dict.fromkeys(rules, door))


def door_of(actor: Actor, duty: Any) -> str:
    """Where the actor can see to a duty; "" where nobody said, or it is not his."""
    door = _doors.get(duty.rule)
    return door(actor, duty) if door is not None else ""


@cache
def _usual_ladder() -> tuple[Step, ...]:
    """The ladder of every rule that names none: one for the whole product."""
    return read_ladder((Path(__file__).parent / "data" / "ladder.toml").read_text())


def register(folder: Path) -> None:
    """Add an app's ``data/`` folder of duty rules, from ``AppConfig.ready``; the kinds of fact it declares are
    registered. Raises RuleError."""
    if folder in _folders:
        return
    _folders.append(folder)
    all_rules.cache_clear()
    _rules, declared = read_folder(folder, usual=_usual_ladder())
    kinds.register(*(FactKind(**{name: getattr(kind, name) for name in kind.__slots__}) for kind in declared))


@cache
def all_rules() -> tuple[DutyRule, ...]:
    """Every rule, by id. Raises RuleError where two share one."""
    found = [rule for folder in _folders for rule in read_folder(folder, usual=_usual_ladder())[0]]
    check_unique(found)
    return tuple(sorted(found, key=lambda rule: rule.id))


def rule(rule_id: str) -> DutyRule:
    """The rule with that id. Raises KeyError."""
    for one in all_rules():
        if one.id == rule_id:
            return one
    raise KeyError(rule_id)


def problems() -> list[str]:
    """What is wrong between the rules and the rest of the product: a kind of fact that nobody registered, a parameter
    or an article that no regulation holds. Raises RuleError and RegulationError where a file cannot be read."""
    known = {kind.key for kind in kinds.all_kinds()}
    found = []
    for one in all_rules():
        for key in {*one.opens, *one.closes, *one.ends, one.prolongs, *one.record, one.missed} - {""} - known:
            found.append(f"规则 {one.id} 引用的事项“{key}”没有登记")
        for cited in {one.cites, *one.limits} - {""}:
            family, _dot, key = cited.partition(".")
            if not any(text.family == family and key in text.parameters for text in documents()):
                found.append(f"规则 {one.id} 引用的参数“{cited}”没有法规规定")
        family, _dot, article = one.clause.partition(".")
        if one.clause and not any(text.family == family and article in text.clauses for text in documents()):
            found.append(f"规则 {one.id} 引用的条文“{one.clause}”不存在")
    return sorted(found)
