"""What must stand before the first page: the tables of this version, the static files of this build."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from liaoyuan import __version__
from liaoyuan.config.locks import lock


def pending_migrations() -> list[str]:
    """Names of migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def database(say: Callable[[str], None]) -> None:
    """Bring the tables to this version. One process does it, the others wait. An SQLite database that already holds
    data is copied aside first."""
    if not pending_migrations():
        return
    with lock("migrate"):
        pending = pending_migrations()
        if not pending:
            return
        if connection.introspection.table_names():
            copy = _copy_aside()
            say(f"升级数据库：{len(pending)} 个迁移" + (f"（升级前的副本：{copy}）" if copy else ""))
        else:
            say("首次启动：建立数据库")
        call_command("migrate", interactive=False, verbosity=0)


def static_files(say: Callable[[str], None]) -> None:
    """Collect, compress and name the static files, where they differ from what was last collected."""
    if static_is_current():
        return
    with lock("static"):
        if static_is_current():
            return
        say("整理静态文件")
        call_command("collectstatic", interactive=False, verbosity=0, clear=Path(settings.STATIC_ROOT).exists())
        _mark().write_text(_static_digest())


def static_is_current() -> bool:
    """Whether the collected files are those of this build."""
    return _mark().exists() and _mark().read_text() == _static_digest()


def assets_missing() -> list[str]:
    """Files of the front end that a page needs and that were not built."""
    folder = Path(apps.get_app_config("ui").path) / "static" / "dist"
    needed = ["manifest.json", "map/base.json"]
    return [name for name in needed if not (folder / name).is_file()]


def _mark() -> Path:
    return Path(settings.STATIC_ROOT) / ".collected"


def _static_digest() -> str:
    found = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            found.update(f"{name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}\0".encode())
    return found.hexdigest()


def _copy_aside() -> Path | None:
    if connection.vendor != "sqlite":
        return None
    folder = Path(settings.LIAOYUAN.home) / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"before-{__version__}.sqlite3"
    draft = target.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    connection.ensure_connection()
    with sqlite3.connect(draft) as copy:
        connection.connection.backup(copy)
    copy.close()
    shutil.move(draft, target)
    target.chmod(0o600)
    return target
