"""How far a job is, told outside its transaction, and whether its worker still lives.

The import holds its transaction open to the end, so its progress cannot travel in it. On SQLite, which has one writer,
it goes into a small file of the instance's home; on PostgreSQL over a second connection into the upload's row, where
any machine can read it. A thread tells it every two seconds for as long as the process lives: silence means death.
"""

import contextlib
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, connections

from liaoyuan.kernel.clock import now
from liaoyuan.organisation.roster.models import RosterUpload

EVERY = 2.0
SILENCE = timedelta(seconds=45)


class Reporter:
    """Tells a job's progress until it is closed; ``say`` is what services call."""

    def __init__(self, key: UUID) -> None:
        self.key = key
        self.percent, self.step = 0, ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"roster-{key}", daemon=True)

    def say(self, percent: int, step: str) -> None:
        """Note how far the job is; cheap, call it often."""
        self.percent, self.step = percent, step

    def _run(self) -> None:
        tell = _RowTeller(self.key) if connection.vendor == "postgresql" else _FileTeller(self.key)
        try:
            tell(self.percent, self.step)
            while not self._stop.wait(EVERY):
                tell(self.percent, self.step)
        finally:
            tell.close()

    @contextlib.contextmanager
    def running(self) -> Iterator["Reporter"]:
        """Tell for the length of the block."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join()


class _FileTeller:
    def __init__(self, key: UUID) -> None:
        self.path = _path(key)
        self.path.parent.mkdir(parents=True, exist_ok=True)

    def __call__(self, percent: int, step: str) -> None:
        draft = self.path.with_suffix(".part")
        with contextlib.suppress(OSError):
            draft.write_text(json.dumps([percent, step, now().isoformat()], ensure_ascii=False))
            draft.replace(self.path)

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


class _RowTeller:
    def __init__(self, key: UUID) -> None:
        self.key = key
        self.own = connections.create_connection("default")
        with contextlib.suppress(DatabaseError), self.own.cursor() as cursor:
            cursor.execute("SET lock_timeout = '500ms'")

    def __call__(self, percent: int, step: str) -> None:
        with contextlib.suppress(DatabaseError), self.own.cursor() as cursor:
            cursor.execute(
                "UPDATE roster_rosterupload SET progress = %s, step = %s, beat_at = %s WHERE id = %s",
                [percent, step[:60], now(), self.key],
            )

    def close(self) -> None:
        self.own.close()


def told(upload: RosterUpload) -> tuple[int, str, datetime | None]:
    """Percent, step and when the worker was last heard (None: never)."""
    with contextlib.suppress(OSError, ValueError):
        percent, step, at = json.loads(_path(upload.pk).read_text())
        return int(percent), str(step), datetime.fromisoformat(at)
    return upload.progress, upload.step, upload.beat_at


def silent(upload: RosterUpload) -> bool:
    """Whether the worker that had the upload is gone."""
    heard = told(upload)[2]
    return upload.busy and heard is not None and now() - heard > SILENCE


def _path(key: UUID) -> Path:
    return Path(settings.LIAOYUAN.home) / "run" / "roster" / f"{key}.json"
