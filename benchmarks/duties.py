"""Duties at 100,000 people and 1.5 million facts: the whole evaluation, a hundred new facts, one fact by the service.

The base of the whole evaluation is one plain ``SELECT count(*), max(occurred_on)`` by person and kind over the same
facts. Both sides run in turn in one process of the instance.
"""

import json
import os
import resource
import sys
import time
from datetime import date, timedelta
from typing import Any

import django

from benchmarks.pairs import REFERENCE, Result, bound, quartiles
from benchmarks.world import World, world

FACTS_PER_PERSON = 15
PAIRS = 4
EACH, WINDOWS, BATCH = 100, 8, 5000
AIM, SECONDS, NEW, MEMORY, RATE = 20, 60, 1, 400, 500


def measure(people: int, small: int) -> list[Result]:
    """Every row, on both databases."""
    found: list[Result] = []
    for database in ("sqlite", "postgresql"):
        found += _database(world(people, database, label="_duties"))
    return found


def _database(one: World) -> list[Result]:
    one.run(sys.executable, "-m", "benchmarks.duties", "fill", one.people)
    told = json.loads(one.run(sys.executable, "-m", "benchmarks.duties", "measure").splitlines()[-1])
    low, middle, high = quartiles([ours / base for ours, base in told["pairs"]])
    ours, base = (sorted(pair[side] for pair in told["pairs"])[PAIRS // 2] for side in (0, 1))
    database = one.database
    rows = [
        Result(
            "全部规则计算 ÷ 按人按事项分组计数", database, f"{ours:.1f} s", f"{base:.2f} s", round(middle, 1),
            round(low, 1), round(high, 1), AIM, high <= AIM, f"{told['facts']} 条纪实，{told['duties']} 件待办",
        ),
        bound("全部规则计算", round(ours, 1), SECONDS, unit="s", database=database),
        bound("100 条新纪实后的增量计算", round(told["new"], 2), NEW, unit="s", database=database),
        bound("计算进程内存", round(told["memory"]), MEMORY, unit="MB", database=database),
    ]  # fmt: skip
    aim = RATE if database == "sqlite" else None  # the statement asks for SQLite alone
    low, middle, high = quartiles(told["rates"])
    note = f"quartiles {low:.0f}–{high:.0f}, each fact a commit and an audit row of its own"
    return [
        *rows,
        _rate("逐条记纪实（含审计）", database, middle, aim, low, note),
        _rate("一次记多条纪实（含审计）", database, told["many"], aim, told["many"], f"{BATCH} at once, one audit row"),
    ]


def _rate(name: str, database: str, rate: float, aim: int | None, worst: float, note: str) -> Result:
    """A plain rate of facts a second, where more is better; for reference without an aim."""
    share = round(rate / RATE, 2)
    against = f"≥ {aim} 条/s" if aim else ""
    passed = aim is None or worst >= aim
    return Result(name, database, f"{rate:.0f} 条/s", against, share, share, share, aim or REFERENCE, passed, note)


# — what runs in the process of the instance —


def _inside() -> dict[str, Any]:
    from django.db import connection

    from liaoyuan.kernel.scoping import Actor
    from liaoyuan.organisation.chronicle.models import Fact
    from liaoyuan.organisation.chronicle.services import NewFact, fact_record, facts_record
    from liaoyuan.organisation.duties.models import Duty
    from liaoyuan.organisation.duties.selectors.day import Only
    from liaoyuan.organisation.duties.services import duties_evaluate
    from liaoyuan.organisation.members.models import Person

    duties_evaluate()

    def base() -> float:
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT person_id, kind, count(*), max(occurred_on) FROM chronicle_fact GROUP BY person_id, kind"
            )
            while cursor.fetchmany(5000):
                pass
        return time.perf_counter() - begun

    def ours() -> float:
        begun = time.perf_counter()
        duties_evaluate()
        return time.perf_counter() - begun

    base()
    pairs = [(ours(), base()) for _number in range(PAIRS)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    actor = Actor.system("基准")
    crowd = list(
        Person.objects.unscoped("benchmark").filter(active=True, unit__isnull=False).select_related("unit")[:BATCH]
    )
    stamp = f"{time.time()}"

    def told(number: int, person: Person) -> NewFact:
        assert person.unit is not None
        return NewFact("members.contact_made", person.unit, date.today(), ("bench", f"{stamp}{number}"), person)

    rates = []
    for window in range(WINDOWS):
        begun = time.perf_counter()
        for number, person in enumerate(crowd[:EACH]):
            fact_record(actor=actor, fact=told(window * EACH + number, person))
        rates.append(EACH / (time.perf_counter() - begun))
    some = crowd[:EACH]
    begun = time.perf_counter()
    duties_evaluate(
        only=Only(
            frozenset(person.pk for person in some), frozenset(person.unit_id for person in some if person.unit_id)
        )
    )
    new = time.perf_counter() - begun
    begun = time.perf_counter()
    added = facts_record(actor=actor, facts=[told(-1 - number, person) for number, person in enumerate(crowd)])
    many = added / (time.perf_counter() - begun)
    return {
        "pairs": pairs,
        "facts": Fact.objects.unscoped("benchmark").count(),
        "duties": Duty.objects.unscoped("benchmark").filter(state="open").count(),
        "new": new,
        "memory": memory,
        "rates": rates,
        "many": many,
    }


def _fill(wanted: int) -> None:
    """Facts of the past year until there are so many: meetings attended, hours."""
    from liaoyuan.kernel.bulk import insert_rows, moment, new_ids, roomy
    from liaoyuan.kernel.clock import now
    from liaoyuan.kernel.db import unit_of_work
    from liaoyuan.organisation.chronicle.models import Fact
    from liaoyuan.organisation.members.models import Person

    have = Fact.objects.unscoped("benchmark").count()
    fields = (
        "id", "kind", "person", "unit", "path", "occurred_on", "recorded_at", "recorded_by", "quantity", "payload",
        "source_app", "source_id", "supersedes", "void", "reason",
    )  # fmt: skip
    people = [
        (person.hex, unit.hex, path)
        for person, unit, path in Person.objects.unscoped("benchmark")
        .filter(active=True, unit__isnull=False)
        .values_list("pk", "unit_id", "unit__path")
    ]
    stamp, today = moment(now()), date.today()
    kinds = (("study.hours", "2", '{"topic": "党课"}'), ("orglife.attended", None, '{"what": "主题党日"}'))
    rows = (
        (
            new_ids(1)[0], kind, *people[number % len(people)],
            (today - timedelta(days=number * 7 % 360)).isoformat(), stamp, "基准", quantity, payload, "bench",
            f"fill{number}", None, False, "",
        )
        for number in range(wanted - have)
        for kind, quantity, payload in [kinds[number // len(people) % 2]]
    )  # fmt: skip
    with roomy(), unit_of_work():
        insert_rows(Fact, fields, rows)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    django.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]) * FACTS_PER_PERSON)
    else:
        print(json.dumps(_inside()))
