"""The database as the parts of a backup, and back: SQLite as one file, PostgreSQL table by table."""

import contextlib
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from liaoyuan.config.cli.errors import Refused
from liaoyuan.foundation.audit.protection import protect, unprotect

SQLITE = "database.sqlite3"
FOLDER = "database/"
_CHUNK = 1 << 20


def parts(folder: Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The members of the database, each with its content. ``folder`` takes SQLite's copy while it is being read."""
    if connection.vendor == "sqlite":
        yield SQLITE, _sqlite_copy(folder)
    else:
        yield from _tables()


def load(archive: zipfile.ZipFile, names: Mapping[str, str], home: Path) -> None:
    """Replace the database by the archive's. Sessions end: an old backup must not revive them."""
    if connection.vendor == "sqlite":
        _load_sqlite(archive, home)
    else:
        _load_tables(archive, [name for name in names if name.startswith(FOLDER)])


def known_migrations() -> list[str]:
    """Every migration of this version."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations)


def has_tables() -> bool:
    """Whether the database has any; SQLite's file is not made by asking."""
    name = str(settings.DATABASES["default"]["NAME"])
    if connection.vendor == "sqlite" and not name.startswith(("file:", ":")) and not Path(name).exists():
        return False
    return bool(connection.introspection.table_names())


def make_tables() -> None:
    """This version's tables on PostgreSQL, where the database has none; SQLite's come whole."""
    if connection.vendor == "postgresql" and not has_tables():
        call_command("migrate", interactive=False, verbosity=0)


def _sqlite_copy(folder: Path) -> Iterator[bytes]:
    copy = folder / f".{os.getpid()}.sqlite3"
    copy.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(str(settings.DATABASES["default"]["NAME"]))) as source:
            copy.touch(mode=0o600)
            with contextlib.closing(sqlite3.connect(copy)) as target:
                source.backup(target)  # one step: a consistent state, writers go on in the WAL
                target.execute("PRAGMA journal_mode=DELETE")
        with copy.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    finally:
        copy.unlink(missing_ok=True)


def _load_sqlite(archive: zipfile.ZipFile, home: Path) -> None:
    path = Path(str(settings.DATABASES["default"]["NAME"]))
    draft = path.with_suffix(".restored")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with archive.open(SQLITE) as source, draft.open("wb") as target:
        shutil.copyfileobj(source, target, _CHUNK)
    with contextlib.closing(sqlite3.connect(draft)) as database:
        verdict = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            draft.unlink()
            raise Refused(f"备份中的数据库已损坏（{verdict}）。没有做任何改动。")
        database.execute("DELETE FROM django_session")
        database.commit()
    connections.close_all()
    for stale in (f"{path}-wal", f"{path}-shm"):
        Path(stale).unlink(missing_ok=True)
    draft.replace(path)


def _tables() -> Iterator[tuple[str, Iterator[bytes]]]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for table in _names():
            yield f"{FOLDER}{table}.copy", _copy_out(table)


def _names() -> list[str]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted({*found, MigrationRecorder.Migration._meta.db_table})


def _copy_out(table: str) -> Iterator[bytes]:
    quoted, columns = connection.ops.quote_name(table), _columns(table)
    yield f"{columns}\n".encode()
    with connection.cursor() as cursor, cursor.copy(f"COPY {quoted} ({columns}) TO STDOUT") as rows:
        for chunk in rows:
            yield bytes(chunk)


def _columns(table: str) -> str:
    """The table's own columns, quoted, in a fixed order; the database computes the generated ones itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name = %s AND is_generated = 'NEVER' ORDER BY column_name",
            [table],
        )
        return ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())


def _load_tables(archive: zipfile.ZipFile, members: list[str]) -> None:
    """In one transaction: Django's foreign keys are checked at its end, so the order of tables is free."""
    present = {f"{FOLDER}{table}.copy": table for table in _names()}
    if set(members) != set(present):
        raise Refused("备份中的表与本机不同。没有做任何改动。")
    with transaction.atomic():
        unprotect(connection)
        with connection.cursor() as cursor:
            tables = ", ".join(connection.ops.quote_name(table) for table in present.values())
            cursor.execute(f"TRUNCATE {tables}")
            for member, table in present.items():
                _copy_in(archive, member, table)
            cursor.execute("DELETE FROM django_session")
            for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True)):
                cursor.execute(statement)
        protect(connection)


def _copy_in(archive: zipfile.ZipFile, member: str, table: str) -> None:
    with archive.open(member) as source, connection.cursor() as cursor:
        columns = source.readline().decode().rstrip("\n")
        if columns != _columns(table):
            raise Refused(f"备份中表 {table} 的列与本机不同。没有做任何改动。")
        with cursor.copy(f"COPY {connection.ops.quote_name(table)} ({columns}) FROM STDIN") as rows:
            while chunk := source.read(_CHUNK):
                rows.write(chunk)
