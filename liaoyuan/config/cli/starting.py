"""Setting Django up, once, only where a command needs it."""

import gc
import os


def set_up(*, collect: bool = True) -> None:
    """Read the settings and load every app. Raises what ``errors.explain`` turns into sentences. Without ``collect``
    the garbage collector stays switched off: who forks switches it on in the children (``supervisor``)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    from liaoyuan.config.options import options

    options()  # first, so that a wrong setting is named by itself
    import django

    gc.disable()  # loading makes no garbage worth looking for, and looking took a tenth of it
    try:
        django.setup()
    finally:
        if collect:
            gc.enable()


def require_migrated() -> None:
    """Refuse where the database is not at this version's migrations."""
    from liaoyuan.config.cli.errors import Refused
    from liaoyuan.config.prepare import pending_migrations

    pending = pending_migrations()
    if pending:
        raise Refused(
            f"数据库还有 {len(pending)} 个迁移没有执行。请先运行 liaoyuan manage migrate（或 liaoyuan serve）。"
        )
