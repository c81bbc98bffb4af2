"""The database itself refuses to change the trail."""

import pytest
from django.db import DatabaseError, connection, transaction

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.tests.factories import rows

pytestmark = pytest.mark.django_db


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str = "", action=None) -> None:
    before = list(AuditEntry.objects.order_by("seq").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        action() if action else execute(sql)
    assert list(AuditEntry.objects.order_by("seq").values()) == before


def test_update_is_refused():
    rows(2)
    refused("UPDATE audit_auditentry SET reason = 'x' WHERE seq = 1")
    refused(action=lambda: AuditEntry.objects.update(reason="x"))
    refused(action=lambda: AuditEntry.objects.bulk_update(AuditEntry.objects.all(), ["reason"]))
    entry = AuditEntry.objects.get(seq=1)
    entry.reason = "x"
    refused(action=entry.save)


def test_delete_is_refused():
    rows(2)
    refused("DELETE FROM audit_auditentry WHERE seq = 2")
    refused("DELETE FROM audit_auditentry")
    refused(action=lambda: AuditEntry.objects.all().delete())
    refused(action=AuditEntry.objects.get(seq=1).delete)


def test_emptying_the_table_is_refused():
    rows(2)
    if connection.vendor == "postgresql":
        refused("TRUNCATE audit_auditentry")
        refused("TRUNCATE audit_auditentry CASCADE")
    else:
        refused("DELETE FROM audit_auditentry WHERE 1")


def test_replacing_a_row_is_refused():
    rows(2)
    columns = ", ".join(field.column for field in AuditEntry._meta.concrete_fields)
    source = f"audit_auditentry ({columns}) SELECT {columns} FROM audit_auditentry WHERE seq = 1"  # noqa: S608  ours
    if connection.vendor == "postgresql":
        refused("INSERT INTO " + source + " ON CONFLICT (seq) DO UPDATE SET reason = 'x'")
    else:
        refused("INSERT OR REPLACE INTO " + source)
