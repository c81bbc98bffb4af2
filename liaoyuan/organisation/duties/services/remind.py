"""Telling the right person, once, and only of the latest that there is to tell.

After an outage of any length each open duty tells the furthest point it has reached; points that were missed are not
told late. The message and the record of having told are one transaction: neither without the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from liaoyuan.foundation.inbox.rules import pieces
from liaoyuan.foundation.inbox.services import NewItem, items_put, items_reopen
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState, Reminder, Run
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Holder
from liaoyuan.organisation.duties.selectors.instances import Instance, instances
from liaoyuan.organisation.duties.selectors.ladder import furthest, rungs, topmost
from liaoyuan.organisation.duties.selectors.told import sentence, why
from liaoyuan.organisation.duties.services.faults import Faults
from liaoyuan.organisation.duties.services.returning import duties_return
from liaoyuan.organisation.members.models import Person

_WHY = "the platform reminds everybody"
_CHUNK = 500
_QUIET = "q"  # after a point that was told to the rungs alone: whoever is responsible has asked for silence


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who is to have it on his list, each with the point at which he is told; ``mark`` is kept as having been told.
    While it climbs, the holders and all below the rung it has reached have it too: a duty that was long overdue when
    the platform first saw it, or climbed during an outage, would otherwise never reach whoever must see to it, or go
    over somebody's head."""

    duty: UUID
    one: Instance
    point: str
    users: tuple[tuple[str, UUID], ...]
    mark: str

    @property
    def everybody(self) -> tuple[UUID, ...]:
        """Whose list it stands on."""
        return tuple(dict.fromkeys(user for _point, user in self.users))


def reminders_send(*, rules: Iterable[DutyRule] | None = None, faults: Faults | None = None) -> int:
    """Send what is to be told today and has not been. Call it after ``duties_evaluate``. Returns the messages put.
    Raises RulesFailedError, after all others were told, for rules that cannot be: ``faults`` takes them instead."""
    run = Run.objects.filter(id=1).first()
    if run is None:
        return 0
    duties_return()
    day = Day(clock.today(), run.live_on)
    sent = 0
    wrong = Faults() if faults is None else faults
    for rule in registry.all_rules() if rules is None else rules:
        with wrong.of(rule):
            for part in pieces(_due(day, rule), _CHUNK):
                sent += _send(day, part)
    if rules is None and not wrong.found:  # else the day is tried again within the hour
        Run.objects.filter(id=1).update(told_on=day.on)
    if faults is None:
        wrong.tell()
    return sent


def _due(day: Day, rule: DutyRule) -> Iterator[_Telling]:
    """Open duties whose furthest point has not been told. A duty opened before the platform went live is told too, at
    the point it has reached: it is open today, whatever its age."""
    rows = Duty.objects.unscoped(_WHY).filter(rule=rule.id, state=DutyState.OPEN).order_by()
    columns = ("person_id", "unit_id", "key", "pk", "told", "snoozed_until", "handed_to_id", "handed_to__user_id")
    known = {(row[0] or row[1], row[2]): row[3:] for row in rows.values_list(*columns).iterator(chunk_size=5000)}
    users = _own_users(rule) if rule.self or rule.at == "self" else {}
    others = registry.beside(rule.id) if known else {}
    for one in instances(day, rule) if known else ():
        found = known.get((one.subject_id, one.key))
        if found is None:
            continue
        pk, told, snoozed, handed, account = found
        climbed = rungs(day, one, also=[handed] if handed else [])
        quiet = snoozed is not None and snoozed > day.on
        last = topmost(day, climbed) if quiet else furthest(day, one, climbed)
        point = last[1] if last else ""
        mark = point + _QUIET if point and quiet else point
        if not point or mark == told:
            continue
        own = users.get(one.person_id) if one.person_id else None
        beside = [other.user_id for other in others.get(one.subject_id, ())]
        holders = () if quiet else (*_holders(day, one, account), *([own] if own is not None else []), *beside)
        climbs = point.startswith("l")
        below = [rung for rung in climbed if climbs and rung.on <= last[0]] if last else []
        first = _last_of_holder(one) if climbs else point
        told_at = [(first, user) for user in holders]
        told_at += [(rung.point, user) for rung in below for user in _accounts(rung.holders)]
        yield _Telling(pk, one, point, tuple(dict.fromkeys(told_at)), mark)


def _holders(day: Day, one: Instance, handed: UUID | None) -> tuple[UUID, ...]:
    if handed is not None:
        return (handed,)
    return _accounts(day.responsible(one.rule, one.unit.path)[1])


def _accounts(holders: Iterable[Holder]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(holder.user_id for holder in holders if holder.user_id is not None))


def _last_of_holder(one: Instance) -> str:
    """The holder's last point: what he is told of while the duty climbs, if he has not been told before."""
    return f"r{len(terms.reminders(one.rule, one.opened_on, one.due)) - 1}"


def _own_users(rule: DutyRule) -> dict[UUID, UUID]:
    if rule.subject != "person":
        return {}
    rows = Person.objects.unscoped(_WHY).filter(user__isnull=False, duties__rule=rule.id, duties__state=DutyState.OPEN)
    return dict(rows.order_by().values_list("pk", "user_id").distinct().iterator(chunk_size=5000))


def _send(day: Day, waiting: list[_Telling]) -> int:
    """One transaction: the record of having told, the mark on the duty, the message."""
    if not waiting:
        return 0
    actor = Actor.system("到点提醒")
    with unit_of_work():
        ids = [telling.duty for telling in waiting]
        told = dict(
            Duty.objects.unscoped(_WHY).select_for_update().filter(pk__in=ids, state=DutyState.OPEN).order_by("pk")
            .values_list("pk", "told")
        )  # fmt: skip
        mine = [telling for telling in waiting if told.get(telling.duty, telling.mark) != telling.mark]
        rows = [
            Reminder(duty_id=telling.duty, user_id=user, point=point, on=day.on)
            for telling in mine
            for point, user in telling.users
        ]
        Reminder.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        marks: dict[str, list[UUID]] = {}
        for telling in mine:
            marks.setdefault(telling.mark, []).append(telling.duty)
        for mark, duties in marks.items():
            Duty.objects.unscoped(_WHY).filter(pk__in=duties).update(told=mark)
        again = [telling for telling in mine if not told[telling.duty] or told[telling.duty].endswith(_QUIET)]
        items_reopen(
            actor=actor,
            keys=[item_key(telling.duty) for telling in again],
            only=[(item_key(telling.duty), user) for telling in again for user in telling.everybody],
        )
        return items_put(actor=actor, items=[item for telling in mine for item in _items(day, telling)])


def _items(day: Day, telling: _Telling) -> Iterator[NewItem]:
    one = telling.one
    climbed = telling.point.startswith("l")
    late = one.overdue(day.on)
    for user in telling.everybody:
        yield NewItem(
            user_id=user,
            key=item_key(telling.duty),
            title=sentence(one, day.on)[:200],
            body=why(day, one),
            url=reverse("duties:show", args=[telling.duty]),
            level="late" if late or climbed else "soon" if _near(one.due, day.on) else "info",
            due_on=None if one.rule.never_late else one.due,  # an earliest day is none to be late for
            by_fact=True,
            quiet=one.rule.quiet,
        )


def _near(due: date | None, on: date) -> bool:
    return due is not None and (due - on).days <= 7


def item_key(duty: UUID) -> str:
    """The inbox key of a duty: one row for each who was told, which becomes more pressing."""
    return f"duty:{duty}"
