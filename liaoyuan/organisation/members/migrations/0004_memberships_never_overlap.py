"""The database refuses two memberships of one kind on one day."""

from typing import Any

from django.db import migrations

from liaoyuan.organisation.members.protection import protect, unprotect


def _up(apps: Any, schema_editor: Any) -> None:
    protect(schema_editor.connection)


def _down(apps: Any, schema_editor: Any) -> None:
    unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("members", "0003_search_by_beginning")]
    operations = [migrations.RunPython(_up, _down)]
