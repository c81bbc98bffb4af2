"""The head gets its seal; SQLite also refuses INSERT OR REPLACE."""

from typing import Any

from django.db import migrations, models

from liaoyuan.foundation.audit.protection import protect
from liaoyuan.foundation.audit.seals import head_seal


def _seal(apps: Any, schema_editor: Any) -> None:
    for head in apps.get_model("audit", "AuditHead").objects.all():
        head.seal = head_seal(head.seq, head.mac)
        head.save(update_fields=["seal"])
    protect(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.AddField("audithead", "seal", models.CharField(default="", max_length=64)),
        migrations.RunPython(_seal, migrations.RunPython.noop),
    ]
