"""Counting in the background: after an import, every night, and as soon as an outage is over."""

from liaoyuan.kernel import clock
from liaoyuan.kernel.jobs import job
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Run
from liaoyuan.organisation.duties.services import duties_evaluate, missed_evaluate, reminders_send
from liaoyuan.organisation.duties.services.faults import Faults


@job("duties.evaluate")
def evaluate() -> int:
    """Everything, now; then what is to be told. Returns the number of messages. A rule that fails keeps no other from
    being counted and told; the job fails all the same, for somebody must look at it. Raises RulesFailedError."""
    faults = Faults()
    duties_evaluate(faults=faults)
    sent = reminders_send(faults=faults)
    faults.tell()
    return sent


@job("duties.tell")
def tell(rule_id: str) -> int:
    """What is to be told of one rule, now: a duty has just been handed to somebody else. Returns the messages put."""
    return reminders_send(rules=[rule for rule in registry.all_rules() if rule.id == rule_id])


@job("duties.daily", cron="20 * * * *")
def daily() -> int:
    """Once a day, at the first full hour and twenty minutes that the platform is up: looks every hour whether today has
    been counted and told, so that an outage of any length is caught up with by itself; and for facts of the last hour
    that nobody has counted."""
    run = Run.objects.filter(id=1).first()
    if run is None or run.last_on != clock.today():
        return int(evaluate.func())
    faults = Faults()
    found = missed_evaluate(faults=faults)
    sent = reminders_send(faults=faults) if found.opened or run.told_on != clock.today() else 0
    faults.tell()
    return sent
