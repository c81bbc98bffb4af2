"""What new facts, a changed tree and moved people mean for duties."""

from uuid import UUID

from liaoyuan.kernel.jobs import enqueue
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.instances import Only
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
    rules = [rule for rule in registry.all_rules() if _concerns(rule, event.kinds)]
    if not rules:
        return
    if event.everybody or len(event.person_ids) + len(event.unit_ids) > AT_ONCE:
        enqueue("duties.evaluate")
        return
    duties_evaluate(only=Only(event.person_ids, event.unit_ids), rules=rules)


def _concerns(rule: DutyRule, kinds: frozenset[str]) -> bool:
    if (rule.shape == "state" or rule.committee or rule.leaders) and kinds & _COUNTED:
        return True
    return not kinds.isdisjoint({*rule.opens, *rule.closes, *rule.ends, rule.prolongs, rule.text_from} - {""})


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
    Duty.objects.bulk_update(rows, ["path"], batch_size=500)
