"""The tables of this app."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("duties", "0001_first_tables"),
        ("duties", "0002_board_from_the_index_alone"),
        ("duties", "0003_a_stamp_for_what_was_counted"),
        ("duties", "0004_keys_without_an_index_of_their_own"),
        ("duties", "0005_what_was_told_and_looked_at"),
    ]

    dependencies = [
        ("chronicle", "0001_initial"),
        ("members", "0001_initial"),
        ("units", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "日历订阅",
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=16, verbose_name="规则")),
                ("version", models.CharField(max_length=48, verbose_name="依据版本")),
                ("path", liaoyuan.kernel.db.PathField(max_length=64, verbose_name="路径")),
                ("key", models.CharField(max_length=120)),
                ("opened_on", models.DateField(verbose_name="起")),
                ("due", models.DateField(blank=True, null=True, verbose_name="到期")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待办"), ("closed", "办结"), ("lapsed", "不再适用")],
                        default="open",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                ("told", models.CharField(blank=True, default="", max_length=8, verbose_name="最近提醒")),
                ("snoozed_until", models.DateField(blank=True, null=True, verbose_name="暂缓至")),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="chronicle.fact",
                    ),
                ),
                (
                    "handed_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="duties_taken_over",
                        to="members.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="members.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="units.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "到点提醒",
                "indexes": [
                    models.Index(fields=["state", "path", "rule", "due"], name="duty_board"),
                    models.Index(fields=["rule", "state", "due"], name="duty_rule"),
                    models.Index(fields=["person", "state"], name="duty_person"),
                    models.Index(fields=["handed_to", "state"], name="duty_handed"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False)),
                        fields=("rule", "person", "key"),
                        name="duty_once_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", True)),
                        fields=("rule", "unit", "key"),
                        name="duty_once_per_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="duty_closed_has_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyAct",
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
                ("detail", models.CharField(blank=True, max_length=120, verbose_name="内容")),
                (
                    "duty",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to="duties.duty",
                    ),
                ),
            ],
            options={
                "verbose_name": "到点提醒的处理",
                "indexes": [models.Index(fields=["duty", "-at"], name="duty_act_duty")],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("point", models.CharField(max_length=8, verbose_name="提醒点")),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "duty",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="duties.duty",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "提醒",
                "constraints": [models.UniqueConstraint(fields=("duty", "user", "point"), name="reminder_once")],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("live_on", models.DateField(verbose_name="开始计算")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="最近计算到")),
                ("last_at", models.DateTimeField(blank=True, null=True, verbose_name="最近计算时间")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="最近提醒到")),
                ("facts_at", models.DateTimeField(blank=True, null=True, verbose_name="纪实核对到")),
                ("stamp", models.UUIDField(default=liaoyuan.kernel.ids.new_id, editable=False, verbose_name="内容戳")),
            ],
            options={
                "verbose_name": "到点提醒的计算",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="run_is_one")],
            },
        ),
    ]
