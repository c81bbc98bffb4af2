"""The database's own guard of the audit trail: triggers that refuse UPDATE, DELETE and TRUNCATE.

Whoever rebuilds the table (a later migration on SQLite does, by copying it) must call ``protect`` again.
"""

from typing import Any

_MESSAGE = "audit rows are append-only"

_SQLITE_ON = [
    f"CREATE TRIGGER IF NOT EXISTS audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_auditentry "
    f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    for verb in ("UPDATE", "DELETE")
] + [
    # INSERT OR REPLACE removes the old row without asking the DELETE trigger.
    "CREATE TRIGGER IF NOT EXISTS audit_entry_no_replace BEFORE INSERT ON audit_auditentry "
    "WHEN EXISTS (SELECT 1 FROM audit_auditentry WHERE seq = NEW.seq) "
    "BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END"
]
_SQLITE_OFF = [f"DROP TRIGGER IF EXISTS audit_entry_no_{verb}" for verb in ("update", "delete", "replace")]
_POSTGRESQL_ON = [
    "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$",
    "DROP TRIGGER IF EXISTS audit_entry_no_change ON audit_auditentry",
    "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()",
]
_POSTGRESQL_OFF = ["DROP TRIGGER IF EXISTS audit_entry_no_change ON audit_auditentry"]


def protect(connection: Any) -> None:
    """Put the guard up. Doing it twice changes nothing."""
    _run(connection, _POSTGRESQL_ON if connection.vendor == "postgresql" else _SQLITE_ON)


def unprotect(connection: Any) -> None:
    """Take the guard down: only for emptying test databases and for restoring a backup."""
    _run(connection, _POSTGRESQL_OFF if connection.vendor == "postgresql" else _SQLITE_OFF)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
