"""The database refuses to change audit rows."""

from typing import Any

from django.db import migrations

from liaoyuan.foundation.audit.protection import protect, unprotect


def _up(apps: Any, schema_editor: Any) -> None:
    protect(schema_editor.connection)


def _down(apps: Any, schema_editor: Any) -> None:
    unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_first_tables")]
    operations = [migrations.RunPython(_up, _down)]
