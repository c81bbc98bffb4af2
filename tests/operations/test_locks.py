"""Named locks, and what stands on them: one scheduler, no lost tasks."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from liaoyuan.config import locks
from liaoyuan.config.processes import scheduler, worker
from liaoyuan.kernel import jobs
from liaoyuan.kernel.clock import now
from tests.operations.instance import COMMAND, Instance

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


@task()
def noop() -> None:
    """Does nothing."""


@pytest.fixture
def held() -> Iterator[Callable[..., locks.NamedLock]]:
    """Locks that are let go of at the end."""
    found: list[locks.NamedLock] = []

    def hold(name: str, group: str = locks.GENERAL) -> locks.NamedLock:
        found.append(locks.NamedLock(name, group=group))
        assert found[-1].acquire()
        return found[-1]

    yield hold
    for lock in found:
        lock.release()


def test_a_lock_has_one_holder(held: Callable[..., locks.NamedLock]) -> None:
    first = held("a")
    assert not locks.NamedLock("a").acquire()
    assert locks.is_held("a")
    assert not locks.is_held("b")
    first.release()
    assert not locks.is_held("a")


def test_locks_of_groups_are_counted(held: Callable[..., locks.NamedLock]) -> None:
    assert locks.holders("crew") == 0
    held("one", "crew")
    held("two", "crew")
    assert locks.holders("crew") == 2
    assert not locks.is_held("one")


def _running(owner: str, tries: int = 1) -> DBTaskResult:
    result = noop.enqueue()
    row = DBTaskResult.objects.get(pk=result.id)
    for _ in range(tries):
        row.claim(owner)
    return row


def test_the_task_of_a_dead_worker_is_queued_again() -> None:
    row = _running("gone-1")
    assert worker.reclaim() == 1
    row.refresh_from_db()
    assert (row.status, row.started_at) == ("READY", None)


def test_the_task_of_a_living_worker_is_left_alone(held: Callable[..., locks.NamedLock]) -> None:
    held("alive-1", worker.GROUP)
    row = _running("alive-1")
    assert worker.reclaim() == 0
    row.refresh_from_db()
    assert row.status == "RUNNING"


def test_a_task_that_outlived_three_workers_fails() -> None:
    row = _running("gone-1", tries=3)
    assert worker.reclaim() == 1
    row.refresh_from_db()
    assert row.status == "FAILED"
    assert row.exception_class_path.endswith("WorkerLostError")


@task()
def gone() -> None:
    """The database went away under it."""
    raise OperationalError("server closed the connection unexpectedly")


@task()
def wrong() -> None:
    """Its own fault."""
    raise ValueError


def _run(declared: Any, tries: int) -> DBTaskResult:
    row = DBTaskResult.objects.get(pk=declared.enqueue().id)
    for _ in range(tries):
        row.claim("worker-1")
    worker.LiaoyuanWorker().run_task(row)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(("tries", "pause"), [(1, 2), (2, 8)])
def test_a_task_under_which_the_database_went_away_waits_and_is_tried_again(tries: int, pause: int) -> None:
    before = now()
    row = _run(gone, tries)
    assert (row.status, row.started_at, row.finished_at) == ("READY", None, None)
    waits = (row.run_after - before).total_seconds()
    assert pause <= waits < pause + 60
    assert row not in DBTaskResult.objects.ready()


def test_the_third_time_it_has_failed() -> None:
    row = _run(gone, 3)
    assert (row.status, row.exception_class_path) == ("FAILED", "django.db.utils.OperationalError")


def test_a_task_that_fails_by_itself_is_not_tried_again() -> None:
    assert _run(wrong, 1).status == "FAILED"


def test_a_task_that_somebody_else_has_taken_meanwhile_is_left_to_him() -> None:
    row = _running("worker-1")
    ours = DBTaskResult.objects.get(pk=row.pk)
    row.claim("worker-2")
    worker.queue_again(ours)
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("RUNNING", ["worker-1", "worker-2"])


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        ("30 6 * * *", datetime(2026, 11, 22, 6, 30, tzinfo=SHANGHAI), datetime(2026, 11, 23, 6, 30, tzinfo=SHANGHAI)),
        ("0 8 * * 1", datetime(2026, 11, 22, 9, tzinfo=SHANGHAI), datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)),
        ("0 8 * * 0", datetime(2026, 11, 22, 9, tzinfo=SHANGHAI), datetime(2026, 11, 29, 8, tzinfo=SHANGHAI)),
        ("0 8 * * 1-5", datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)),
        ("*/15 * * * *", datetime(2026, 11, 22, 9, 1, tzinfo=SHANGHAI), datetime(2026, 11, 22, 9, 15, tzinfo=SHANGHAI)),
        ("0 0 1 * *", datetime(2026, 11, 22, 9, tzinfo=SHANGHAI), datetime(2026, 12, 1, tzinfo=SHANGHAI)),
    ],
)
def test_a_crontab_line_means_what_crontab_means(cron: str, after: datetime, expected: datetime) -> None:
    """Weekday 0 is Sunday, 1 is Monday, in Shanghai time."""
    assert scheduler.trigger(cron).get_next_fire_time(None, after + timedelta(seconds=1)) == expected


def test_every_periodic_job_has_a_next_time() -> None:
    assert set(scheduler.next_times(now())) == {periodic.name for periodic in jobs.periodic()}
    assert {job.id for job in scheduler.build().get_jobs()} == {*scheduler.next_times(now()), "clean"}


def test_what_was_missed_is_caught_up_exactly_once() -> None:
    periodic = jobs.periodic()[0]
    jobs.enqueue(periodic.name)
    DBTaskResult.objects.update(enqueued_at=now() - timedelta(days=40))
    assert periodic.name in scheduler.catch_up()
    assert periodic.name not in scheduler.catch_up()


def test_a_first_start_catches_up_nothing() -> None:
    assert scheduler.catch_up() == []


def test_of_two_schedulers_one_stands_by(make_instance: Callable[..., Instance]) -> None:
    """And takes over when the first dies."""
    instance = make_instance()
    started = [
        subprocess.Popen([str(COMMAND), "scheduler"], env=instance.environment(), stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    look = "from liaoyuan.config import locks; print(locks.is_held('scheduler'))"
    try:
        end = time.monotonic() + 120  # starting takes long where everything runs at once
        while instance.shell(look) != "True":
            assert time.monotonic() < end
        os.kill(started[0].pid, signal.SIGKILL)
        os.kill(started[0].pid, 0)  # not yet reaped
        time.sleep(3)
        assert instance.shell(look) == "True"
    finally:
        for process in started:
            process.terminate()
        codes = [process.wait(20) for process in started]
    assert 0 in codes
