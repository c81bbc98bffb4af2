"""The tables of this app."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.db
import liaoyuan.kernel.ids
import liaoyuan.organisation.whereabouts.models.presence


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("whereabouts", "0001_first_tables"),
        ("whereabouts", "0002_grid_and_posting_changes"),
        ("whereabouts", "0003_places_in_the_order_of_the_map"),
        ("whereabouts", "0004_presence_ticks"),
        ("whereabouts", "0005_what_a_tick_tells"),
        ("whereabouts", "0006_keys_without_an_index_of_their_own"),
    ]

    dependencies = [
        ("members", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PresenceTick",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True, default=liaoyuan.kernel.clock.now)),
                ("token", models.BigIntegerField(default=liaoyuan.organisation.whereabouts.models.presence._token)),
                ("moves", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "位置变动",
            },
        ),
        migrations.CreateModel(
            name="Purpose",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="事由")),
                ("order", models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(verbose_name="开始日期")),
                ("planned_end", models.DateField(blank=True, null=True, verbose_name="预计结束日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="实际结束日期")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="到位确认")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                ("recorded_by", models.CharField(blank=True, max_length=80, verbose_name="登记人")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "attached_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="units.unit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="postings",
                        to="members.person",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="units.site"
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="whereabouts.purpose"
                    ),
                ),
            ],
            options={
                "verbose_name": "外出",
                "indexes": [
                    models.Index(fields=["person", "-since"], name="posting_person"),
                    models.Index(fields=["ended_on", "since"], name="posting_open"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_end__isnull", True), ("planned_end__gte", models.F("since")), _connector="OR"
                        ),
                        name="posting_planned_end_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on__isnull", True), ("ended_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="posting_ended_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="时间")),
                ("lon", models.FloatField(verbose_name="经度")),
                ("lat", models.FloatField(verbose_name="纬度")),
                ("by_device", models.BooleanField(default=False, verbose_name="设备定位")),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checkins",
                        to="members.person",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkins",
                        to="units.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "打卡",
                "indexes": [models.Index(fields=["person", "-at"], name="checkin_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lat__gte", -90), ("lat__lte", 90), ("lon__gte", -180), ("lon__lte", 180)),
                        name="checkin_in_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PostingChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("verb", models.CharField(max_length=16, verbose_name="动作")),
                ("at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="时间")),
                ("by_name", models.CharField(max_length=80, verbose_name="经办人")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("detail", models.JSONField(default=dict)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posting_changes", to="members.person"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="changes",
                        to="whereabouts.posting",
                    ),
                ),
            ],
            options={
                "verbose_name": "外出变动",
                "indexes": [models.Index(fields=["posting", "at"], name="posting_change_posting")],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="presence",
                        serialize=False,
                        to="members.person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("checkin", "本人打卡"), ("posting", "派驻地点"), ("home", "所在驻地")], max_length=8
                    ),
                ),
                ("lon", models.FloatField()),
                ("lat", models.FloatField()),
                ("gx", models.PositiveSmallIntegerField(default=0)),
                ("gy", models.PositiveSmallIntegerField(default=0)),
                ("seen_at", models.DateTimeField(verbose_name="得知时间")),
                ("home_path", liaoyuan.kernel.db.PathField(max_length=64)),
                ("attached_path", liaoyuan.kernel.db.PathField(max_length=64, null=True)),
                ("standing", models.CharField(max_length=16)),
                ("rank", models.CharField(blank=True, max_length=12)),
                (
                    "site",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.site"
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="whereabouts.purpose",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["home_path", "lon", "lat"], name="presence_home_path"),
                    models.Index(fields=["attached_path"], name="presence_attached_path"),
                    models.Index(
                        fields=[
                            "kind",
                            "site",
                            "lon",
                            "lat",
                            "seen_at",
                            "purpose",
                            "home_path",
                            "attached_path",
                            "standing",
                            "rank",
                        ],
                        name="presence_places",
                    ),
                    models.Index(fields=["gx", "gy"], name="presence_grid"),
                ],
            },
        ),
    ]
