"""What new facts, a changed tree and moved people mean for duties."""

from uuid import UUID

from liaoyuan.kernel.jobs import enqueue
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Only
from liaoyuan.organisation.duties.services.run import duties_evaluate, live_mark
from liaoyuan.organisation.members.events import PersonLeft, PersonMoved, PersonReturned
from liaoyuan.organisation.roster.events import RosterImported
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt, UnitUpdated
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rewrite

AT_ONCE = 200  # subjects that are evaluated in the request; more go to the worker
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
    duties_evaluate(only=Only(event.person_ids, event.unit_ids), rules=rules)


def _opens(rule: DutyRule, kinds: frozenset[str]) -> bool:
    """Whether a fact of these kinds may make somebody owe it, or move its day. A rule that asks about silence is only
    ever quieted by a new fact."""
    if (rule.shape == "state" or rule.committee or rule.leaders) and kinds & _COUNTED:
        return True
    opens = () if rule.shape == "reached" else rule.opens
    return not kinds.isdisjoint({*opens, rule.prolongs, rule.text_from} - {""}) or (
        rule.starts == "first_fact" and not kinds.isdisjoint(rule.closes)
    )


def _closes(rule: DutyRule, kinds: frozenset[str]) -> bool:
    return not kinds.isdisjoint({*rule.closes, *rule.ends, *rule.opens})


def _owed(event: FactsRecorded, rules: list[DutyRule]) -> list[DutyRule]:
    """Of rules that a new fact can only close, those of which something is open: most facts close nothing."""
    rows = Duty.objects.unscoped("asks whether anything is open").filter(state=DutyState.OPEN).order_by()
    people = [rule.id for rule in rules if rule.subject == "person"] if event.person_ids else []
    units = [rule.id for rule in rules if rule.subject == "unit"]
    found: set[str] = set()
    if people:
        found |= set(rows.filter(person_id__in=event.person_ids, rule__in=people).values_list("rule", flat=True))
    if units:
        rows = rows.filter(unit_id__in=event.unit_ids, person__isnull=True, rule__in=units)
        found |= set(rows.values_list("rule", flat=True))
    return [rule for rule in rules if rule.id in found]


def on_import(event: RosterImported) -> None:
    """The platform counts from its first roster on."""
    live_mark()
    enqueue("duties.evaluate")


def on_person(event: PersonMoved | PersonLeft | PersonReturned) -> None:
    """His duties move with him, or lapse."""
    duties_evaluate(only=Only(people=frozenset({event.person_id})), rules=registry.all_rules())


def on_unit(event: UnitUpdated) -> None:
    """Its planned end or its kind may have changed."""
    duties_evaluate(only=Only(units=frozenset({event.unit_id})), rules=registry.all_rules())


def follow_units(event: UnitPathsChanged) -> None:
    """Duties follow their unit."""
    paths_rewrite(Duty, "path", event.moves)


def derive_again(event: UnitPathsRebuilt) -> None:
    """Paths were rebuilt: take them from the units again."""
    paths: dict[UUID, str] = dict(Unit.objects.unscoped("paths are copied whole").values_list("pk", "path"))
    rows = list(Duty.objects.unscoped("paths are copied whole").only("pk", "unit_id", "path"))
    for row in rows:
        row.path = paths.get(row.unit_id, row.path)
    Duty.objects.unscoped("paths are copied whole").bulk_update(rows, ["path"], batch_size=500)
