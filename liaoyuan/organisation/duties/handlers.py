"""What new facts, a changed tree and moved people mean for duties."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import connection

from liaoyuan.kernel.jobs import enqueue
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Only
from liaoyuan.organisation.duties.services.returning import duties_return
from liaoyuan.organisation.duties.services.run import duties_evaluate, live_mark, table_changed
from liaoyuan.organisation.members.events import PersonChanged, PersonLeft, PersonMoved, PersonReturned
from liaoyuan.organisation.roster.events import RosterImported
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt, UnitUpdated
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import TreeBusyError, paths_rewrite

AT_ONCE = 200  # subjects that are evaluated in the request; more go to the worker
PATIENCE = 5  # seconds that a request waits for who changes the tree
_COUNTED = milestones.STANDINGS | milestones.TENURES


def on_facts(event: FactsRecorded) -> None:
    """Only the rules that these kinds open or close, only these subjects."""
    opening = [rule for rule in registry.all_rules() if _opens(rule, event.kinds)]
    closing = [rule for rule in registry.all_rules() if rule not in opening and _closes(rule, event.kinds)]
    if closing and not event.corrected and not event.everybody:
        closing = _owed(event, closing)
    rules = [*opening, *closing]
    if not rules:
        return
    if event.everybody or len(event.person_ids) + len(event.unit_ids) > AT_ONCE:
        enqueue("duties.evaluate")
        return
    _at_once(Only(event.person_ids, event.unit_ids), rules)


def _opens(rule: DutyRule, kinds: frozenset[str]) -> bool:
    """Whether a fact of these kinds may make somebody owe it, or move its day. A rule that asks about silence is only
    ever quieted by a new fact."""
    if (rule.shape == "state" or rule.committee or rule.leaders) and kinds & _COUNTED:
        return True
    opens = () if rule.shape == "reached" else rule.opens
    return not kinds.isdisjoint({*opens, rule.prolongs, *rule.text_from[:1]} - {""}) or (
        rule.starts == "first_fact" and not kinds.isdisjoint(rule.closes)
    )


def _closes(rule: DutyRule, kinds: frozenset[str]) -> bool:
    """Whether such a fact may close what is open, or bind it by another text."""
    return not kinds.isdisjoint({*rule.closes, *rule.ends, *rule.opens, *rule.text_from, rule.missed})


def _owed(event: FactsRecorded, rules: list[DutyRule]) -> list[DutyRule]:
    """Of rules that a new fact can only close, those of which something is open: most facts close nothing. By hand, for
    it follows every fact; built by the ORM, the same question costs more time than writing the fact down."""
    asked = [
        ("person_id IN", event.person_ids, [rule.id for rule in rules if rule.subject == "person"]),
        ("person_id IS NULL AND unit_id IN", event.unit_ids, [rule.id for rule in rules if rule.subject == "unit"]),
    ]
    parts: list[str] = []
    values: list[str] = []
    for where, subjects, names in asked:
        if subjects and names:
            where = f"state = %s AND {where} {_places(subjects)} AND rule IN {_places(names)}"
            parts.append(f"SELECT rule FROM duties_duty WHERE {where}")  # noqa: S608  no outside text
            values += [DutyState.OPEN.value, *(subject.hex for subject in subjects), *names]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(parts), values)
        found = {name for (name,) in cursor.fetchall()}
    return [rule for rule in rules if rule.id in found]


def _places(values: Collection[object]) -> str:
    return f"({', '.join(['%s'] * len(values))})"


def on_import(event: RosterImported) -> None:
    """The platform counts from its first roster on."""
    live_mark()
    enqueue("duties.evaluate")


def on_person(event: PersonMoved | PersonLeft | PersonReturned) -> None:
    """His duties move with him, or lapse."""
    _at_once(Only(people=frozenset({event.person_id})), registry.all_rules())


def on_left(event: PersonLeft) -> None:
    """His duties lapse, and what was handed to him goes back at once."""
    for rule in duties_return():
        enqueue("duties.tell", rule_id=rule)
    on_person(event)


def on_changed(event: PersonChanged) -> None:
    """His standing may be one that owes no longer what is open about him: no milestone tells of that. One query where
    it is not so."""
    rows = Duty.objects.unscoped("duties follow standings").filter(person=event.person_id, state=DutyState.OPEN)
    known = dict(rows.order_by().values_list("rule", "person__standing").distinct())
    asked = [rule for rule in registry.all_rules() if rule.id in known and rule.standings]
    gone = [rule for rule in asked if known[rule.id] not in rule.standings]
    if gone:
        _at_once(Only(people=frozenset({event.person_id})), gone)


def on_unit(event: UnitUpdated) -> None:
    """Its planned end or its kind may have changed."""
    _at_once(Only(units=frozenset({event.unit_id})), registry.all_rules())


def _at_once(only: Only, rules: Iterable[DutyRule]) -> None:
    """Count in the request that brought the news; where the tree is busy for long (a large import), in the worker."""
    try:
        duties_evaluate(only=only, rules=rules, patience=PATIENCE)
    except TreeBusyError:
        enqueue("duties.evaluate")


def follow_units(event: UnitPathsChanged) -> None:
    """Duties follow their unit."""
    paths_rewrite(Duty, "path", event.moves)
    table_changed()


def derive_again(event: UnitPathsRebuilt) -> None:
    """Paths were rebuilt: take them from the units again."""
    paths: dict[UUID, str] = dict(Unit.objects.unscoped("paths are copied whole").values_list("pk", "path"))
    rows = list(Duty.objects.unscoped("paths are copied whole").only("pk", "unit_id", "path"))
    for row in rows:
        row.path = paths.get(row.unit_id, row.path)
    Duty.objects.unscoped("paths are copied whole").bulk_update(rows, ["path"], batch_size=500)
    table_changed()
