"""How the system runs: cheap figures, read at once; the thorough examination is the doctor's."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Max, Min
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from liaoyuan import __version__
from liaoyuan.desk.oversight.policies import can_manage_system
from liaoyuan.foundation.audit.selectors import last_time
from liaoyuan.kernel import clock
from liaoyuan.kernel.jobs import periodic
from liaoyuan.kernel.scoping import Actor

BACKUP = "instance.backup"  # the action of the command line's backup (config.backup)
LITTLE_FREE = 2 * 2**30
OLD_BACKUP = timedelta(days=7)
LONG_WAIT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class System:
    """The figures. Sizes in bytes; times aware; ``disk_free`` None where files lie in an object store."""

    version: str
    database: str
    database_size: int
    storage: str
    disk_free: int
    disk_total: int
    disk_level: str
    waiting: int
    running: int
    oldest_wait: timedelta | None
    queue_level: str
    failed: int
    last_finished: datetime | None
    last_backup: datetime | None
    backup_level: str
    jobs: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A background job that failed."""

    name: str
    at: datetime | None
    error: str


def system(actor: Actor) -> System:
    """The figures. Raises NotPermitted for who is not the system administrator."""
    can_manage_system(actor).require()
    moment = clock.now()
    disk = shutil.disk_usage(settings.LIAOYUAN.home)
    ready = DBTaskResult.objects.ready()
    oldest = ready.aggregate(at=Min("enqueued_at"))["at"]
    wait = moment - oldest if oldest else None
    backup = last_time(BACKUP)
    return System(
        version=__version__,
        database=_database(),
        database_size=_database_size(),
        storage=_storage(),
        disk_free=disk.free,
        disk_total=disk.total,
        disk_level="late" if disk.free < LITTLE_FREE else "ok",
        waiting=ready.count(),
        running=DBTaskResult.objects.running().count(),
        oldest_wait=wait,
        queue_level="late" if wait is not None and wait > LONG_WAIT else "ok",
        failed=DBTaskResult.objects.failed().filter(finished_at__gt=moment - timedelta(days=1)).count(),
        last_finished=DBTaskResult.objects.aggregate(at=Max("finished_at"))["at"],
        last_backup=backup,
        backup_level="ok" if backup is not None and moment - backup < OLD_BACKUP else "soon",
        jobs=len(periodic()),
    )


def failures(actor: Actor, limit: int = 20) -> list[Failure]:
    """The jobs that failed in the last seven days, newest first, each with its error's last line."""
    can_manage_system(actor).require()
    since = clock.now() - timedelta(days=7)
    rows = DBTaskResult.objects.failed().filter(finished_at__gt=since).order_by("-finished_at")[:limit]
    return [Failure(row.task_path.rpartition(".")[2], row.finished_at, _last_line(row.traceback)) for row in rows]


def examination(actor: Actor) -> list[Any]:
    """What ``liaoyuan doctor`` finds: objects with name, level (ok, warning, error) and message. Takes a second or
    more; the settings name the examiner, because it belongs to the composition root above us."""
    can_manage_system(actor).require()
    examine: Callable[[], list[Any]] = import_string(settings.DOCTOR)
    return examine()


def _last_line(traceback: str) -> str:
    lines = [line for line in (traceback or "").strip().splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else ""


def _database() -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SELECT current_setting('server_version')")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = Path(connection.settings_dict["NAME"])
    parts = (file, file.with_name(file.name + "-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _storage() -> str:
    location = getattr(default_storage, "location", "")
    bucket = getattr(default_storage, "bucket_name", "")
    return f"S3 · {bucket}" if bucket else str(location)
