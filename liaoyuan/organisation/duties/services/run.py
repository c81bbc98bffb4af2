"""Bringing the table of duties in line with what is owed: idempotent, rule by rule, one after another.

Each rule is one transaction under one lock, so that a worker killed in between leaves whole rules, and two at once do
the work once. Nothing is told here: ``remind`` reads what this wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox.services import items_close
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.bulk import insert_rows, moment, new_ids, update_rows
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.events import DutiesChanged
from liaoyuan.organisation.duties.models import Duty, DutyState, Run
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Only
from liaoyuan.organisation.duties.selectors.instances import Instance, instances
from liaoyuan.organisation.duties.selectors.missed import missed_turns
from liaoyuan.organisation.duties.selectors.openings import held
from liaoyuan.organisation.duties.services.faults import Faults
from liaoyuan.organisation.units.services import tree_hold

_WHY = "duties are computed for everybody"
_FIELDS = ("id", "rule", "version", "person", "unit", "path", "key", "opened_on", "due", "state", "told", "created_at")
_CHUNK = 500
_PATHS = 20
_MANY = 2000  # subjects; from there on looking at everybody is quicker
_LATE = timedelta(minutes=10)  # a transaction may end so long after the moment its facts carry


@dataclass(frozen=True, slots=True)
class Summary:
    """What an evaluation did."""

    opened: int = 0
    closed: int = 0
    changed: int = 0

    def __add__(self, other: "Summary") -> "Summary":
        return Summary(self.opened + other.opened, self.closed + other.closed, self.changed + other.changed)


class ClockWentBackError(DomainError):
    """Today is before the day up to which duties were counted: a wrong clock, or a restored one."""


def live_mark() -> Run:
    """The row that says since when the platform counts; made on first use, with today."""
    return Run.objects.get_or_create(id=1, defaults={"live_on": clock.today()})[0]


def table_changed() -> None:
    """Say, in the transaction of the change, that what was counted before holds no more."""
    Run.objects.filter(id=1).update(stamp=new_id())


def duties_evaluate(
    *,
    only: Only | None = None,
    rules: Iterable[DutyRule] | None = None,
    patience: int | None = None,
    faults: Faults | None = None,
) -> Summary:
    """Write what is owed today. ``only``: about these people and units (after new facts); whole otherwise, which also
    moves ``last_on`` forward. Raises ClockWentBackError where today is before a day already counted; TreeBusyError
    where the tree is being changed for more than ``patience`` seconds (the rules before that one are counted then);
    RulesFailedError, after all others were counted, for rules that cannot be: ``faults`` takes them instead."""
    run = live_mark()
    today = clock.today()
    if run.last_on is not None and today < run.last_on:
        raise ClockWentBackError(
            _("系统日期 %(today)s 早于已计算到的 %(last)s，请先校准时钟；没有改动任何提醒。")
            % {"today": today, "last": run.last_on}
        )
    began = clock.now()
    day = Day(today, run.live_on, only=only)
    total = Summary()
    touched: set[str] = set()
    wrong = Faults() if faults is None else faults
    for rule in registry.all_rules() if rules is None else rules:
        if only is not None and not (only.people if rule.subject == "person" else only.units):
            continue
        with wrong.of(rule):
            done, paths = _evaluate(day, rule, only, patience)
            total += done
            touched |= paths
    if only is None and rules is None and not wrong.found:  # else the day is tried again within the hour
        Run.objects.filter(id=1).update(last_on=today, last_at=clock.now(), facts_at=began)
    if touched:
        shown = tuple(sorted(touched)) if len(touched) <= _PATHS else ("",)
        with unit_of_work():
            bus.publish(DutiesChanged(shown, total.opened, total.closed))
    if faults is None:
        wrong.tell()
    return total


def _evaluate(day: Day, rule: DutyRule, only: Only | None, patience: int | None) -> tuple[Summary, set[str]]:
    with unit_of_work():
        tree_hold(seconds=patience)  # first of all: duties carry their unit's path (units.services.lock)
        Run.objects.select_for_update().get(id=1)
        done, paths = _apply(day, rule, only)
        if paths:
            table_changed()
    return done, paths


def missed_evaluate(*, faults: Faults | None = None) -> Summary:
    """Look again at whom the facts of late are about. A fact is counted right after it is written; where the process
    died in between, or the database was away, nobody would notice before the next day. ``faults`` as for
    ``duties_evaluate``."""
    wrong = Faults() if faults is None else faults
    run = live_mark()
    since = (run.facts_at or run.last_at or clock.now()) - _LATE
    began = clock.now()
    facts = Fact.objects.unscoped(_WHY).filter(recorded_at__gte=since).order_by()
    people = frozenset(facts.filter(person__isnull=False).values_list("person_id", flat=True).distinct())
    units = frozenset(facts.filter(person__isnull=True).values_list("unit_id", flat=True).distinct())
    if len(people) + len(units) > _MANY:
        return duties_evaluate(faults=faults)
    found = duties_evaluate(only=Only(people, units), faults=wrong) if people or units else Summary()
    if not wrong.found:
        Run.objects.filter(id=1).update(facts_at=began)
    if faults is None:
        wrong.tell()
    return found


def _apply(day: Day, rule: DutyRule, only: Only | None) -> tuple[Summary, set[str]]:
    known = Duty.objects.unscoped(_WHY).filter(rule=rule.id, state=DutyState.OPEN)
    if only is not None:
        known = (
            known.filter(person_id__in=only.people)
            if rule.subject == "person"
            else known.filter(unit_id__in=only.units, person__isnull=True)
        )
    columns = ("pk", "person_id", "unit_id", "key", "opened_on", "due", "version", "path")
    have = {(row[1] or row[2], row[3]): row for row in known.order_by().values_list(*columns).iterator(chunk_size=5000)}
    new: list[Instance] = []
    changed: list[tuple[str, str | None, str, str, str, str]] = []
    paths: set[str] = set()
    for one in instances(day, rule, only):
        row = have.pop((one.subject_id, one.key), None)
        if row is None:
            new.append(one)
            paths.add(one.unit.path)
        elif row[2:] != (one.unit.id, one.key, one.opened_on, one.due, one.version, one.unit.path):
            due = one.due.isoformat() if one.due else None
            changed.append((one.opened_on.isoformat(), due, one.version, one.unit.id.hex, one.unit.path, row[0].hex))
            paths.add(one.unit.path)
    update_rows(Duty, ("opened_on", "due", "version", "unit", "path"), changed)
    opened = _open(rule, new)
    gone = list(have.values())
    paths |= {row[7] for row in gone}
    _close(day, rule, gone)
    return Summary(opened, len(gone), len(changed)), paths


def _open(rule: DutyRule, new: list[Instance]) -> int:
    """Insert, or open again what was closed under the same key (its closing fact was withdrawn)."""
    again: set[tuple[UUID, str]] = set()
    for start in range(0, len(new), _CHUNK):
        part = new[start : start + _CHUNK]
        rows = Duty.objects.unscoped(_WHY).filter(rule=rule.id, key__in={one.key for one in part})
        rows = rows.exclude(state=DutyState.OPEN)
        rows = (
            rows.filter(person_id__in=[one.person_id for one in part])
            if rule.subject == "person"
            else rows.filter(unit_id__in=[one.unit.id for one in part], person__isnull=True)
        )
        wanted = {(one.subject_id, one.key) for one in part}
        for row in rows.order_by():
            subject = row.person_id or row.unit_id
            if (subject, row.key) in wanted:
                again.add((subject, row.key))
                row.state, row.closed_on, row.closed_by, row.told = DutyState.OPEN, None, None, ""
                row.save(update_fields=["state", "closed_on", "closed_by", "told"])
    fresh = [one for one in new if (one.subject_id, one.key) not in again]
    stamp = moment(clock.now())
    rows_in = (
        (
            key, rule.id, one.version, one.person_id.hex if one.person_id else None, one.unit.id.hex, one.unit.path,
            one.key, one.opened_on.isoformat(), one.due.isoformat() if one.due else None, DutyState.OPEN.value, "",
            stamp,
        )
        for key, one in zip(new_ids(len(fresh)), fresh, strict=True)
    )  # fmt: skip
    insert_rows(Duty, _FIELDS, rows_in)
    return len(new)


def _close(day: Day, rule: DutyRule, gone: list[tuple]) -> None:
    """Close with the fact that closed it; without one the duty has lapsed. A term is closed by the next one's beginning
    (an election), too."""
    renewing = rule.opens if rule.prolongs else ()
    for start in range(0, len(gone), _CHUNK):
        part = gone[start : start + _CHUNK]
        facts = _closing_facts(day, rule, [row[1] or row[2] for row in part])
        closed: list[tuple[str, str, str | None, str]] = []
        lapsed: list[tuple[str, str, str | None, str]] = []
        for row in part:
            subject: UUID = row[1] or row[2]
            since, known = day.answers.get((rule.id, subject, row[3]), (row[4], None))
            made_up = missed_turns(day, rule).made_up.get(subject, ())
            after = [
                one for one in facts.get(subject, ()) if one[0] > since or (one[0] == since and one[2] not in renewing)
            ]
            # What sent a case back on the day on which it began anew closed this one only where nothing else can have.
            after.sort(key=lambda one: one[0] == since and one[2] in rule.ordered)
            # What made up for another turn closes this one only where nothing else can have.
            own = [one for one in after if one[0] not in made_up] or after
            fact = (since, known) if known else own[0][:2] if own else None
            if fact is not None:
                closed.append((DutyState.CLOSED.value, fact[0].isoformat(), fact[1].hex, row[0].hex))
            else:
                lapsed.append((DutyState.LAPSED.value, day.on.isoformat(), None, row[0].hex))
        update_rows(Duty, ("state", "closed_on", "closed_by"), closed + lapsed)
        items_close(actor=Actor.system("到点提醒"), keys=[f"duty:{row[0]}" for row in part])


def _closing_facts(day: Day, rule: DutyRule, subjects: list[UUID]) -> dict[UUID, list[tuple[date, UUID, str]]]:
    kinds = (*rule.closes, *rule.opens) if rule.shape == "reached" or rule.prolongs else rule.closes
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind__in=(*kinds, *rule.ends), **{f"{subject}__in": subjects})
    found: dict[UUID, list[tuple[date, UUID, str]]] = {}
    for key, on, pk, kind in rows.order_by("occurred_on").values_list(subject, "occurred_on", "pk", "kind"):
        found.setdefault(key, []).append((on, pk, kind))
    return found
