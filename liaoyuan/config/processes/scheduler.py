"""The scheduler: enqueues periodic jobs by the clock. Any number may run; the one that holds the lock works."""

import logging
import re
import signal
import time
from datetime import datetime
from types import FrameType

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection
from django_tasks_db.models import DBTaskResult

from liaoyuan.config.locks import NamedLock
from liaoyuan.kernel import jobs
from liaoyuan.kernel.clock import now

LOCK = "scheduler"
STANDBY_SECONDS = 2.0
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")

_log = logging.getLogger(__name__)


class Scheduler:
    """Waits for the lock, catches up, then keeps time until told to stop."""

    def __init__(self) -> None:
        self.lock = NamedLock(LOCK)
        self.stopping = False

    def run(self) -> None:
        """Until SIGTERM. A lock that was lost (the database restarted) ends the process: the supervisor restarts it."""
        signal.signal(signal.SIGTERM, self._stop)
        while not self.stopping and not self.lock.acquire():
            time.sleep(STANDBY_SECONDS)
        if self.stopping:
            return
        clockwork = build()
        catch_up()
        clockwork.start()
        try:
            while not self.stopping:
                time.sleep(0.5)
                if not self.lock.alive():
                    raise RuntimeError("the scheduler's lock was lost")
        finally:
            clockwork.shutdown(wait=False)
            self.lock.release()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def build() -> BackgroundScheduler:
    """One entry per periodic job, and the house's own cleaning at night."""
    clockwork = BackgroundScheduler(
        timezone=settings.TIME_ZONE,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600},
    )
    for periodic in jobs.periodic():
        clockwork.add_job(_enqueue, trigger(periodic.cron), args=[periodic.name], id=periodic.name)
    clockwork.add_job(clean, trigger("20 3 * * *"), id="clean")
    clockwork.add_listener(_log_failure, EVENT_JOB_ERROR)
    return clockwork


def trigger(cron: str) -> CronTrigger:
    """The trigger of a crontab line. APScheduler counts weekdays from Monday, crontab from Sunday: names settle it."""
    minute, hour, day, month, weekday = cron.split()
    weekday = re.sub(r"(?<!/)\b\d\b", lambda found: _DAYS[int(found.group())], weekday)
    return CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=settings.TIME_ZONE)


def catch_up() -> list[str]:
    """Enqueue, once, what should have run since its last run while no scheduler was up; the names of those jobs."""
    caught = []
    moment = now()
    for periodic in jobs.periodic():
        last = (
            DBTaskResult.objects.filter(task_path=jobs.path_of(periodic.name))
            .order_by("-enqueued_at")
            .values_list("enqueued_at", flat=True)
            .first()
        )
        due = trigger(periodic.cron).get_next_fire_time(None, last) if last else None
        if due is not None and due <= moment:
            jobs.enqueue(periodic.name)
            caught.append(periodic.name)
    return caught


def clean() -> None:
    """Drop ended sessions and old task results."""
    close_old_connections()
    try:
        call_command("clearsessions")
        call_command("prune_db_task_results", min_age_days=30, failed_min_age_days=90, verbosity=0)
    finally:
        connection.close()


def next_times(moment: datetime) -> dict[str, datetime]:
    """When each periodic job runs next, seen from ``moment``."""
    return {periodic.name: trigger(periodic.cron).get_next_fire_time(None, moment) for periodic in jobs.periodic()}


def _enqueue(name: str) -> None:
    close_old_connections()
    jobs.enqueue(name)


def _log_failure(event: JobExecutionEvent) -> None:
    _log.error("定时任务 %s 没有排上队：%s", event.job_id, event.exception)


def run() -> None:
    """The process: keep time until SIGTERM."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    Scheduler().run()
