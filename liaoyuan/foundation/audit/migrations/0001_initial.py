"""The chain of entries, its head, and the database's refusal to change a row."""

from typing import Any

from django.db import migrations, models

from liaoyuan.foundation.audit.protection import protect, unprotect


def _up(apps: Any, schema_editor: Any) -> None:
    protect(schema_editor.connection)


def _down(apps: Any, schema_editor: Any) -> None:
    unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True
    replaces = [("audit", "0001_first_tables"), ("audit", "0002_append_only"), ("audit", "0003_head_seal")]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor_id", models.UUIDField(null=True, verbose_name="账号")),
                ("actor_name", models.CharField(max_length=80, verbose_name="操作人")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="来源地址")),
                ("via", models.CharField(max_length=16, verbose_name="途径")),
                ("action", models.CharField(max_length=64, verbose_name="动作")),
                ("allowed", models.BooleanField(default=True, verbose_name="允许")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("object_type", models.CharField(blank=True, max_length=48, verbose_name="对象类别")),
                ("object_id", models.CharField(blank=True, max_length=64, verbose_name="对象编号")),
                ("object_label", models.CharField(blank=True, max_length=160, verbose_name="对象")),
                ("subject_id", models.UUIDField(null=True, verbose_name="所涉人员")),
                ("detail", models.JSONField(default=dict, verbose_name="细节")),
                ("mac", models.CharField(max_length=64, verbose_name="链值")),
            ],
            options={
                "verbose_name": "审计记录",
                "indexes": [
                    models.Index(fields=["subject_id", "-seq"], name="audit_subject"),
                    models.Index(fields=["actor_id", "-seq"], name="audit_actor"),
                    models.Index(fields=["action", "-seq"], name="audit_action"),
                    models.Index(fields=["-at"], name="audit_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                ("mac", models.CharField(default="", max_length=64)),
                ("seal", models.CharField(default="", max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_head_is_one_row")],
            },
        ),
        migrations.RunPython(_up, _down),
    ]
