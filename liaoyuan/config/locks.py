"""Named locks that outlive a transaction and die with their process: who migrates, who schedules, which worker lives.

On SQLite an instance is one machine: a file in ``home/run`` is locked. On PostgreSQL it may be many: a session's
advisory lock, on a connection of its own, so that a recycled one cannot lose it (a pooler in transaction mode would).
"""

import contextlib
import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

GENERAL = "general"


class NamedLock:
    """A lock by name within a group. ``acquire`` tries once; the system lets go of it when its holder dies."""

    def __init__(self, name: str, *, group: str = GENERAL) -> None:
        self.name = name
        self.group = group
        self._held: Any = None

    def acquire(self) -> bool:
        """Whether we hold it now."""
        if self._held is None:
            take = _take_session if connection.vendor == "postgresql" else _take_file
            self._held = take(self.group, self.name)
        return self._held is not None

    def alive(self) -> bool:
        """Whether it is still ours: a database server that was restarted has let go of it."""
        if self._held is not None and connection.vendor == "postgresql" and not self._held.is_usable():
            self.release()
        return self._held is not None

    def release(self) -> None:
        """Let go of it."""
        held, self._held = self._held, None
        if isinstance(held, int):
            os.close(held)
        elif held is not None:
            held.close()


class HomeClaim:
    """One home folder, one running instance: a file lock whatever the database is. The file names the holder."""

    def __init__(self) -> None:
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Whether the home is ours now; the lock is inherited by nobody."""
        self._handle = _take_file(GENERAL, "serve")
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, str(os.getpid()).encode(), 0)
        return self._handle is not None

    def holder(self) -> str:
        """The process number of whoever holds it."""
        return _path(GENERAL, "serve").read_text()

    def release(self) -> None:
        """Let go of it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold the lock ``name`` for the block, waiting for it."""
    held = NamedLock(name)
    while not held.acquire():
        time.sleep(0.2)
    try:
        yield
    finally:
        held.release()


def is_held(name: str, *, group: str = GENERAL) -> bool:
    """Whether somebody holds ``name`` (asked without keeping it)."""
    probe = NamedLock(name, group=group)
    if not probe.acquire():
        return True
    if group != GENERAL and connection.vendor != "postgresql":
        _path(group, name).unlink(missing_ok=True)  # names of such a group are never used again: its process is gone
    probe.release()
    return False


def holders(group: str) -> int:
    """How many locks of ``group`` are held now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND classid = %s",
                [_number(group) & 0xFFFFFFFF],
            )
            return int(cursor.fetchone()[0])
    return sum(is_held(path.stem, group=group) for path in (run_folder() / group).glob("*.lock"))


def run_folder_exists() -> bool:
    """Whether anything has ever run in this home."""
    return (Path(settings.LIAOYUAN.home) / "run").exists()


def run_folder() -> Path:
    """Where this instance keeps what only matters while it runs."""
    folder = Path(settings.LIAOYUAN.home) / "run"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _path(group: str, name: str) -> Path:
    folder = run_folder() / group
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{re.sub(r'[^0-9A-Za-z._-]', '_', name)}.lock"


def _take_file(group: str, name: str) -> int | None:
    handle = os.open(_path(group, name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _take_session(group: str, name: str) -> Any:
    session = connection.copy()
    with contextlib.ExitStack() as undo:
        undo.callback(session.close)
        with session.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_number(group), _number(name)])
            if not cursor.fetchone()[0]:
                return None
        undo.pop_all()
    return session


def _number(text: str) -> int:
    """A stable 32-bit number; advisory locks are per database, so instances do not meet."""
    return int.from_bytes(hashlib.sha256(f"liaoyuan:{text}".encode()).digest()[:4], "big", signed=True)
