"""Duties with real processes under faults: a worker killed in the middle, a database that goes away in the middle.

Nothing is lost: afterwards every duty that is owed is in the table and told. Nothing is doubled: evaluating once more
opens, closes and tells nothing.
"""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.operations.conftest import POSTGRESQL
from tests.operations.instance import Instance

WORLD = """
from datetime import timedelta
from liaoyuan.kernel import clock, jobs
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import people_follow
from liaoyuan.organisation.duties.services import live_mark
from liaoyuan.organisation.members.models import Standing
from liaoyuan.organisation.members.tests.factories import PersonFactory, two_branches
house = two_branches()
for unit in (house.branch_a, house.branch_b):
    for _ in range(3):
        person = PersonFactory(unit=unit, standing="applicant")
        Standing.objects.filter(person=person).delete()
        Standing.objects.create(person=person, kind="applicant", since=clock.today() - timedelta(days=35))
        people_follow(actor=Actor.system("test"), person_ids=[person.pk])
live_mark()
jobs.enqueue("duties.evaluate")
"""
# A worker's process that stops at a point named by the test, says so, and goes on when it may.
STOP = """
import time
from pathlib import Path
def stop():
    Path("{mark}").touch()
    while not Path("{go}").exists():
        time.sleep(0.02)
"""
AT_A_RULE = """
from liaoyuan.organisation.duties.services import run
apply, seen = run._apply, []
def stopping(day, rule, only):
    done = apply(day, rule, only)
    seen.append(rule.id)
    if len(seen) == 5:
        stop()
    return done
run._apply = stopping
"""
BETWEEN_RULES = """
from django.db import connection
from liaoyuan.organisation.duties import registry
every, stopped = registry.all_rules, []
def stopping():
    for number, rule in enumerate(every()):
        if number == 5 and not stopped and not connection.in_atomic_block:  # within a rule others look at all of them
            stopped.append(number)
            stop()
        yield rule
registry.all_rules = stopping
if connection.vendor == "sqlite":  # what takes twenty seconds takes a fifth of one
    options = connection.settings_dict["OPTIONS"]
    options["timeout"] = 0.2
    options["init_command"] = options["init_command"].replace("busy_timeout=20000", "busy_timeout=200")
"""
AT_THE_MESSAGES = """
from liaoyuan.organisation.duties.services import remind
put = remind.items_put
def stopping(**kwargs):
    count = put(**kwargs)
    if count:
        stop()
    return count
remind.items_put = stopping
"""
WORK = """
from liaoyuan.config.processes import worker
worker.run()
"""
SUPERVISED = """
from liaoyuan.config.processes import worker
from liaoyuan.config.supervisor import Child, Supervisor
Supervisor([Child("worker", worker.run)]).run()
"""
AGAIN = """
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.commands import day_for
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.selectors.instances import instances
from liaoyuan.organisation.duties.services import duties_evaluate, reminders_send
from liaoyuan.kernel import clock
done = duties_evaluate()
print(done.opened, done.closed, done.changed, reminders_send())
day = day_for(clock.today())
owed = {(one.rule.id, one.subject_id, one.key) for rule in registry.all_rules() for one in instances(day, rule)}
rows = Duty.objects.unscoped("test").filter(state="open")
have = [(row.rule, row.person_id or row.unit_id, row.key) for row in rows]
print(len(have) == len(owed) and set(have) == owed)
"""


class Bench:
    """An instance, its database asked directly, and the points at which a worker stops."""

    def __init__(self, instance: Instance, folder: Path) -> None:
        self.instance = instance
        self.folder = folder
        self.count = 0

    def worker(self, *points: str, run: str = WORK) -> tuple[Path, Path]:
        """Start one; ``(mark, go)`` of its stop."""
        self.count += 1
        mark, go = self.folder / f"mark-{self.count}", self.folder / f"go-{self.count}"
        source = STOP.format(mark=mark, go=go) + "".join(points) + run
        self.instance.start("manage", "shell", "--no-imports", "-c", source)
        return mark, go

    def kill_at(self, point: str) -> None:
        """SIGKILL a worker at ``point``: no goodbye, nothing committed."""
        mark, _go = self.worker(point)
        self.wait(mark.exists)
        process = self.instance.process
        assert process is not None
        process.kill()
        assert process.wait(10) == -signal.SIGKILL
        self.instance.process = None

    def wait(self, condition: Callable[[], object]) -> None:
        """Until it holds, however busy the machine."""
        end = time.monotonic() + 300
        while not condition():
            assert time.monotonic() < end, self.instance.log()
            time.sleep(0.05)

    @contextmanager
    def database(self) -> Iterator[Any]:
        """A connection of the test's own."""
        if POSTGRESQL:
            found: Any = psycopg.connect(self.instance.env["DATABASE_URL"], autocommit=True)
        else:
            found = sqlite3.connect(self.instance.home / "liaoyuan.sqlite3", isolation_level=None, timeout=60)
        try:
            yield found
        finally:
            found.close()

    def ask(self, sql: str) -> Any:
        """The first value of the first row."""
        with self.database() as database:
            return database.execute(sql).fetchone()[0]

    def finished(self) -> bool:
        """Whether the job is done."""
        return bool(self.ask("SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'SUCCESSFUL'"))

    def tries(self) -> int:
        """How many took the job."""
        found = self.ask("SELECT worker_ids FROM django_tasks_database_dbtaskresult")
        return len(found if isinstance(found, list) else json.loads(found))

    def check(self) -> None:
        """Nothing is lost and nothing is doubled."""
        assert self.ask("SELECT count(*) FROM duties_reminder") >= 6  # each branch's secretary of his three applicants
        doubled = "SELECT count(*) FROM (SELECT 1 FROM {} GROUP BY {} HAVING count(*) > 1) AS twice"
        for table, columns in (
            ("duties_duty", "rule, coalesce(person_id, unit_id), key"),
            ("duties_reminder", "duty_id, user_id, point"),
            ("inbox_item", "user_id, key"),
        ):
            assert self.ask(doubled.format(table, columns)) == 0, table
        # Once more, by hand: there is nothing left to do, and what is owed is what the table holds.
        assert self.instance.shell(AGAIN).split() == ["0", "0", "0", "0", "True"]


@pytest.fixture
def bench(make_instance: Callable[..., Instance], tmp_path: Path) -> Iterator[Bench]:
    """An instance with people, and their evaluation queued. Nothing of its own runs yet."""
    instance = make_instance()
    instance.shell(WORLD)
    yield Bench(instance, tmp_path)
    if instance.process is not None and instance.process.poll() is None:
        os.kill(instance.process.pid, signal.SIGTERM)


def test_a_worker_killed_while_it_counts_and_another_while_it_tells(bench: Bench) -> None:
    bench.kill_at(AT_A_RULE)
    rules = bench.ask("SELECT count(DISTINCT rule) FROM duties_duty")
    assert rules < 5  # whole rules before it, nothing of the one it was at
    assert bench.ask("SELECT count(*) FROM duties_run WHERE last_on IS NULL") == 1
    bench.kill_at(AT_THE_MESSAGES)
    assert bench.ask("SELECT count(*) FROM duties_run WHERE last_on IS NULL") == 0
    assert bench.ask("SELECT count(*) FROM duties_run WHERE told_on IS NULL") == 1
    bench.worker()
    bench.wait(bench.finished)
    bench.instance.stop()
    assert bench.tries() == 3
    assert bench.ask("SELECT count(*) FROM duties_run WHERE told_on IS NULL") == 0
    bench.check()


def test_a_database_that_goes_away_in_the_middle_is_waited_for(bench: Bench) -> None:
    """PostgreSQL: every connection is cut, as by a restart. SQLite: somebody holds the file for longer than a writer
    waits. The queue tries again by itself."""
    mark, go = bench.worker(BETWEEN_RULES, run=SUPERVISED)
    bench.wait(mark.exists)
    with bench.database() as database:
        if POSTGRESQL:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            go.touch()
        else:
            database.execute("BEGIN IMMEDIATE")
            go.touch()
            time.sleep(1.5)
            database.execute("ROLLBACK")
    bench.wait(bench.finished)
    bench.instance.stop()
    assert bench.tries() >= 2  # the fault did meet it
    bench.check()
