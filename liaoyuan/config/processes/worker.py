"""The task worker: django-tasks' own loop, woken promptly, and no task is lost with its worker.

A worker holds the lock named after it for as long as it lives. A task whose worker is gone is queued again (jobs are
safe to run twice); one that has outlived ``MOST_TRIES`` workers is marked failed, lest it take them all. So is one
under which the database went away: a restart of the server, or a lock held for too long, is no fault of the task.
"""

import logging
import os
import secrets
import socket
import time
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from liaoyuan.config.locks import NamedLock, is_held

GROUP = "worker"
WAKE_SECONDS = 0.25
RECLAIM_SECONDS = 30.0
MOST_TRIES = 3
PAUSE_SECONDS = 2.0  # before the second try; four times as long before the third

_GONE = (OperationalError, InterfaceError)
_GONE_PATHS = frozenset(f"{one.__module__}.{one.__qualname__}" for one in _GONE)

_log = logging.getLogger(__name__)


class WorkerLostError(Exception):
    """Every worker that took this task died over it."""


class LiaoyuanWorker(Worker):
    """Takes everything that is ready, then looks four times a second, without locking anything, for more."""

    def __init__(self) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(3)}",
            excluded_queue_names=[],
        )
        self.lock = NamedLock(self.worker_id, group=GROUP)
        self.next_look = 0.0

    def work(self) -> None:
        """Until SIGTERM, which ``shutdown`` turns into the end of the present task and then of this loop."""
        while self.running:
            self.keep_house()
            if DBTaskResult.objects.ready().exists():
                self.run()
            close_old_connections()
            if self.running:
                time.sleep(WAKE_SECONDS)

    def keep_house(self) -> None:
        """Hold our lock; now and then take back what dead workers held."""
        if not self.lock.alive() and not self.lock.acquire():
            raise RuntimeError(f"the lock of worker {self.worker_id} is somebody else's")
        if time.monotonic() >= self.next_look:
            self.next_look = time.monotonic() + RECLAIM_SECONDS
            reclaim()

    def run_task(self, db_task_result: Any) -> None:
        """Run one task; a failure stands in its row and in the log. Where the database went away under it, it is queued
        again; where the database stays away this process ends, and the supervisor's next one takes the task back."""
        try:
            super().run_task(db_task_result)
        except _GONE:
            connection.close()
            queue_again(db_task_result)
            return
        if db_task_result.status != "FAILED":
            return
        if db_task_result.exception_class_path in _GONE_PATHS and len(db_task_result.worker_ids) < MOST_TRIES:
            queue_again(db_task_result)
        else:
            _log.error("任务 %s 失败：\n%s", db_task_result.task_path, db_task_result.traceback)


def queue_again(found: DBTaskResult) -> None:
    """Queue a task of ours again, after a pause that grows; nothing where somebody else has taken it meanwhile."""
    with transaction.atomic():
        task = DBTaskResult.objects.select_for_update().filter(pk=found.pk).first()
        if task is None or task.worker_ids != found.worker_ids or task.status == "SUCCESSFUL":
            return
        _log.warning("任务 %s 执行时数据库不可用，稍后重试", task.task_path)
        ended = task.finished_at or task.started_at  # by the queue's own clock
        if ended is not None:
            task.run_after = ended + timedelta(seconds=PAUSE_SECONDS * 4 ** (len(task.worker_ids) - 1))
        task.status, task.started_at, task.finished_at = "READY", None, None
        task.save(update_fields=["status", "started_at", "finished_at", "run_after"])


def reclaim() -> int:
    """Queue the running tasks of workers that are gone; the number of tasks taken back."""
    count = 0
    for found in DBTaskResult.objects.running():
        if found.worker_ids and is_held(found.worker_ids[-1], group=GROUP):
            continue
        with transaction.atomic():
            task = DBTaskResult.objects.select_for_update().running().filter(pk=found.pk).first()
            if task is None or task.worker_ids != found.worker_ids:
                continue
            count += 1
            if len(task.worker_ids) >= MOST_TRIES:
                _log.error("任务 %s 已让 %d 个工作进程中断，不再重试", task.task_path, MOST_TRIES)
                task.set_failed(WorkerLostError(f"{MOST_TRIES} 个工作进程都在执行它时中断"))
            else:
                _log.warning("任务 %s 的工作进程已不在，重新排队", task.task_path)
                task.status, task.started_at = "READY", None
                task.save(update_fields=["status", "started_at"])
    return count


def run() -> None:
    """The process: work until SIGTERM."""
    for name in ("django_tasks_db", "django_tasks", "django.tasks"):
        logging.getLogger(name).setLevel(logging.ERROR)  # theirs says "shutting down" at every stop
    worker = LiaoyuanWorker()
    worker.configure_signals()
    try:
        worker.work()
    finally:
        worker.lock.release()
