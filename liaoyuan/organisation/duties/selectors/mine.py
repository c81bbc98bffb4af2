"""What one person answers for today: by a post he holds, because it was handed to him, or because it is about him."""

from datetime import date
from uuid import UUID

from django.db.models import Q

from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.selectors.listing import Responsible
from liaoyuan.organisation.duties.selectors.rows import rule_or_none
from liaoyuan.organisation.members.models import Tenure

_COLUMNS = ("pk", "rule", "path", "person_id", "handed_to_id")


def my_duty_ids(actor: Actor, *, until: date | None = None) -> list[UUID]:
    """Open duties that the actor answers for; ``until`` leaves out what is due later, and what has no day."""
    if actor.person_id is None:
        return []
    me = actor.person_id
    responsible = Responsible.today()
    rows = Duty.objects.unscoped("one's own duties").filter(state=DutyState.OPEN).order_by()
    # A post answers for its unit and what is below: nothing else needs to be looked at.
    tenures = Tenure.objects.filter(person_id=me, since__lte=responsible.day.on)
    serving = tenures.filter(Q(until__isnull=True) | Q(until__gte=responsible.day.on))
    by_themselves = [one.id for one in registry.all_rules() if one.at == "self"]
    near = Q(person_id=me) | Q(handed_to_id=me)
    for path in set(serving.values_list("unit__path", flat=True)):
        near |= Q(path__gte=path, path__lt=upper(path)) & ~Q(rule__in=by_themselves)
    rows = rows.filter(near)
    if until is not None:
        rows = rows.filter(due__lte=until)
    found = []
    for pk, rule_id, path, person, handed in rows.values_list(*_COLUMNS).iterator(chunk_size=5000):
        rule = rule_or_none(rule_id)
        if rule is None:
            continue
        if handed is not None:
            mine = handed == me
        elif rule.at == "self":
            mine = person == me
        else:
            mine = any(one.person_id == me for one in responsible.holders(rule_id, path))
        if mine or (rule.self and person == me):
            found.append(pk)
    return found
