"""The tables of this app."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [("units", "0001_first_tables"), ("units", "0002_spelling_and_ended_grants")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="职务")),
                ("order", models.PositiveSmallIntegerField(default=100, verbose_name="次序")),
                ("roles", models.JSONField(blank=True, default=dict, verbose_name="赋予角色")),
                ("needs_full_member", models.BooleanField(default=True, verbose_name="须为正式党员")),
                ("unit_kinds", models.JSONField(blank=True, default=list, verbose_name="适用组织类别")),
            ],
            options={
                "verbose_name": "职务",
                "ordering": ["order", "name"],
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=40, verbose_name="角色")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("capabilities", models.JSONField(default=list, verbose_name="权限")),
                ("needs_totp", models.BooleanField(default=False, verbose_name="须用动态码")),
                ("order", models.PositiveSmallIntegerField(default=100)),
            ],
            options={
                "verbose_name": "角色",
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="点位名称")),
                ("lon", models.FloatField(verbose_name="经度")),
                ("lat", models.FloatField(verbose_name="纬度")),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
            ],
            options={
                "verbose_name": "点位",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lon__gte", -180), ("lon__lte", 180)), name="site_lon_in_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lat__gte", -90), ("lat__lte", 90)), name="site_lat_in_range"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=48, unique=True, verbose_name="组织编码")),
                ("name", models.CharField(max_length=80, verbose_name="组织名称")),
                ("pinyin", models.CharField(blank=True, default="", max_length=240, verbose_name="全拼")),
                ("initials", models.CharField(blank=True, default="", max_length=80, verbose_name="首字母")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("committee", "党委"),
                            ("general_branch", "党总支"),
                            ("branch", "党支部"),
                            ("joint_branch", "联合党支部"),
                            ("temporary_branch", "临时党支部"),
                            ("group", "党小组"),
                        ],
                        max_length=24,
                        verbose_name="类别",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="次序")),
                ("path", liaoyuan.kernel.db.PathField(max_length=64, unique=True, verbose_name="路径")),
                ("host_body", models.CharField(blank=True, max_length=80, verbose_name="所在单位")),
                ("can_approve_members", models.BooleanField(default=False, verbose_name="可审批预备党员")),
                ("founded_on", models.DateField(blank=True, null=True, verbose_name="成立日期")),
                ("elected_on", models.DateField(blank=True, null=True, verbose_name="换届日期")),
                ("mission", models.CharField(blank=True, max_length=80, verbose_name="任务名称")),
                ("planned_end_on", models.DateField(blank=True, null=True, verbose_name="计划撤销日期")),
                ("dissolved_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                ("updated_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approved_units",
                        to="units.unit",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="units.unit",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="units.site",
                    ),
                ),
            ],
            options={
                "verbose_name": "党组织",
                "ordering": ["path"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dissolved_on__isnull", True),
                            ("founded_on__isnull", True),
                            ("dissolved_on__gte", models.F("founded_on")),
                            _connector="OR",
                        ),
                        name="unit_dissolved_after_founded",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "temporary_branch"), _negated=True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="unit_temporary_branch_has_approver",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", liaoyuan.kernel.db.PathField(db_index=True, max_length=64, verbose_name="路径")),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="止")),
                (
                    "source",
                    models.CharField(
                        choices=[("tenure", "任职"), ("delegation", "委托"), ("appointment", "指定")],
                        max_length=16,
                        verbose_name="来源",
                    ),
                ),
                ("source_id", models.UUIDField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                ("end_reason", models.CharField(blank=True, default="", max_length=200, verbose_name="收回理由")),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="given_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="units.role"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="units.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "授权",
                "indexes": [models.Index(fields=["user", "since"], name="grant_user")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="grant_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_id__isnull", False)),
                        fields=("source", "source_id", "user", "role", "unit"),
                        name="grant_unique_per_source",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("verb", models.CharField(max_length=24, verbose_name="变动")),
                ("on", models.DateField(verbose_name="生效日期")),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("by_name", models.CharField(max_length=80, verbose_name="经办人")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="units.unit"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["unit", "-recorded_at"], name="unit_change_unit")],
            },
        ),
    ]
