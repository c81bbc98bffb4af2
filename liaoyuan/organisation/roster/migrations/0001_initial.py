"""The tables of this app."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("roster", "0001_first_tables"),
        ("roster", "0002_upload_state_and_expiry"),
        ("roster", "0003_upload_reaches"),
        ("roster", "0004_an_upload_that_changes_nothing"),
    ]

    dependencies = [
        ("files", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterUpload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=160, verbose_name="文件名")),
                ("path", liaoyuan.kernel.db.PathField(blank=True, default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "核对中"),
                            ("refused", "有错误"),
                            ("ready", "待确认"),
                            ("same", "没有变化"),
                            ("importing", "导入中"),
                            ("done", "已导入"),
                            ("failed", "已中断"),
                            ("discarded", "已放弃"),
                        ],
                        default="checking",
                        max_length=10,
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("step", models.CharField(blank=True, max_length=60)),
                ("beat_at", models.DateTimeField(blank=True, null=True)),
                ("problems", models.JSONField(default=list)),
                ("counts", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=dict)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("error", models.CharField(blank=True, max_length=300)),
                ("by_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(blank=True, max_length=80)),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "marked",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "花名册导入",
                "indexes": [models.Index(fields=["-created_at"], name="roster_upload_created")],
            },
        ),
        migrations.CreateModel(
            name="UploadReach",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", liaoyuan.kernel.db.PathField(blank=True, default="", max_length=64)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reaches", to="roster.rosterupload"
                    ),
                ),
            ],
            options={
                "verbose_name": "花名册导入的范围",
            },
        ),
    ]
