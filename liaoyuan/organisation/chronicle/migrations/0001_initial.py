"""The tables of this app."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [("chronicle", "0001_ledger"), ("chronicle", "0002_keys_without_an_index_of_their_own")]

    dependencies = [
        ("members", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=48, verbose_name="事项")),
                ("path", liaoyuan.kernel.db.PathField(max_length=64, verbose_name="路径")),
                ("occurred_on", models.DateField(verbose_name="发生日期")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="记录时间")),
                ("recorded_by", models.CharField(blank=True, max_length=80, verbose_name="记录人")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="数量"),
                ),
                ("payload", models.JSONField(blank=True, default=dict, verbose_name="内容")),
                ("source_app", models.CharField(max_length=32, verbose_name="来源")),
                ("source_id", models.CharField(max_length=64, verbose_name="来源编号")),
                ("void", models.BooleanField(default=False, verbose_name="已撤销")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="更正理由")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="members.person",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="chronicle.fact",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "纪实",
                "indexes": [
                    models.Index(fields=["person", "kind", "occurred_on"], name="fact_person_kind"),
                    models.Index(fields=["unit", "kind", "occurred_on"], name="fact_unit_kind"),
                    models.Index(fields=["kind", "occurred_on"], name="fact_kind_day"),
                    models.Index(fields=["path", "occurred_on"], name="fact_path_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", True)),
                        fields=("source_app", "source_id", "kind"),
                        name="fact_unique_per_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("void", False), ("supersedes__isnull", False), _connector="OR"),
                        name="fact_void_supersedes",
                    ),
                ],
            },
        ),
    ]
