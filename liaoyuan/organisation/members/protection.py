"""The database's own guard of the spine: no two memberships of one kind share a day.

PostgreSQL: an exclusion constraint (btree_gist, a trusted extension since version 13). SQLite: triggers, put up again
after every migration, because a migration that alters the table makes it anew without them.
"""

from typing import Any

NAME = "membership_no_overlap"

_SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS {NAME}_{verb.split()[0].lower()} BEFORE {verb} ON members_membership
    WHEN (NEW.until IS NULL OR NEW.until > NEW.since) AND EXISTS (
        SELECT 1 FROM members_membership other
        WHERE other.person_id = NEW.person_id AND other.kind = NEW.kind AND other.id <> NEW.id
          AND (other.until IS NULL OR (other.until > other.since AND other.until > NEW.since))
          AND (NEW.until IS NULL OR other.since < NEW.until))
    BEGIN SELECT RAISE(ABORT, '{NAME}'); END"""  # noqa: S608  no outside text
    for verb in ("INSERT", "UPDATE OF person_id, kind, since, until")
]
_POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{NAME}'
                   AND conrelid = 'members_membership'::regclass) THEN
        ALTER TABLE members_membership ADD CONSTRAINT {NAME}
        EXCLUDE USING gist (person_id WITH =, kind WITH =, daterange(since, until) WITH &&);
    END IF; END $$""",  # noqa: S608  no outside text
]
_SQLITE_OFF = [f"DROP TRIGGER IF EXISTS {NAME}_{verb}" for verb in ("insert", "update")]
_POSTGRESQL_OFF = [f"ALTER TABLE members_membership DROP CONSTRAINT IF EXISTS {NAME}"]


def protect(connection: Any) -> None:
    """Put the guard up. Doing it twice changes nothing."""
    _run(connection, _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)


def unprotect(connection: Any) -> None:
    """Take the guard down: only for going back before this migration."""
    _run(connection, _POSTGRESQL_OFF if connection.vendor == "postgresql" else _SQLITE_OFF)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
