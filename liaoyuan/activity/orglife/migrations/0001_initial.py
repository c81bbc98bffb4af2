"""Meetings, their rolls and motions."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.crypto
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [("orglife", "0001_meetings_and_motions")]

    dependencies = [
        ("members", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", liaoyuan.kernel.db.PathField(max_length=64, verbose_name="路径")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("general_meeting", "支部党员大会"),
                            ("committee_meeting", "委员会会议"),
                            ("group_meeting", "党小组会"),
                            ("party_class", "党课"),
                            ("theme_day", "主题党日"),
                            ("life_meeting", "组织生活会"),
                            ("democratic_review", "民主评议党员"),
                        ],
                        max_length=24,
                        verbose_name="类别",
                    ),
                ),
                ("covers", models.JSONField(blank=True, default=list, verbose_name="同时作为")),
                ("title", models.CharField(max_length=120, verbose_name="议题")),
                ("planned_at", models.DateTimeField(verbose_name="时间")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="地点")),
                ("online", models.BooleanField(default=False, verbose_name="线上")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "已通知"),
                            ("open", "进行中"),
                            ("closed", "已结束"),
                            ("cancelled", "已取消"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="开始时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("backfilled", models.BooleanField(default=False, verbose_name="补录")),
                ("minutes", models.TextField(blank=True, verbose_name="会议记录")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="取消理由")),
                ("called_by", models.CharField(max_length=80, verbose_name="召集人")),
                ("called_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                    ),
                ),
                (
                    "recorder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="units.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "会议",
                "indexes": [
                    models.Index(fields=["path", "-planned_at"], name="meeting_path"),
                    models.Index(fields=["unit", "kind", "-planned_at"], name="meeting_unit"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("closed_at__gte", models.F("opened_at")), ("opened_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="meeting_closes_after_opening",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Motion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("title", models.CharField(max_length=120, verbose_name="议题")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("admission", "接收预备党员"),
                            ("conversion", "预备党员转正"),
                            ("general", "一般事项"),
                            ("committee", "委员会决定"),
                            ("election", "选举"),
                        ],
                        max_length=16,
                        verbose_name="表决规则",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("handheld", "手持终端无记名投票"),
                            ("paper", "纸质无记名投票"),
                            ("show_of_hands", "举手表决"),
                        ],
                        default="handheld",
                        max_length=16,
                        verbose_name="表决方式",
                    ),
                ),
                ("subject_type", models.CharField(blank=True, max_length=48)),
                ("subject_id", models.CharField(blank=True, max_length=64)),
                ("text_of", models.DateField(blank=True, null=True)),
                ("override_basis", models.CharField(blank=True, max_length=200, verbose_name="另有规定的依据")),
                ("agenda", models.JSONField(blank=True, default=list, verbose_name="已进行的议程")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待表决"),
                            ("open", "正在表决"),
                            ("decided", "已表决"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("entitled", models.PositiveIntegerField(blank=True, null=True, verbose_name="应到会有表决权")),
                ("present", models.PositiveIntegerField(blank=True, null=True, verbose_name="实到会有表决权")),
                ("yes", models.PositiveIntegerField(blank=True, null=True, verbose_name="赞成")),
                ("no", models.PositiveIntegerField(blank=True, null=True, verbose_name="反对")),
                ("abstain", models.PositiveIntegerField(blank=True, null=True, verbose_name="弃权")),
                ("invalid", models.PositiveIntegerField(blank=True, null=True, verbose_name="无效")),
                ("written", models.PositiveIntegerField(blank=True, null=True, verbose_name="会前书面意见")),
                ("passed", models.BooleanField(blank=True, null=True, verbose_name="通过")),
                ("explanation", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("disclosure", models.CharField(blank=True, max_length=200, verbose_name="票数本身说明的")),
                ("clause", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="撤回理由")),
                ("created_by", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "mover",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="motions", to="orglife.meeting"
                    ),
                ),
            ],
            options={
                "verbose_name": "表决事项",
                "ordering": ["order"],
                "indexes": [models.Index(fields=["subject_type", "subject_id"], name="motion_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "order"), name="motion_order_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("meeting",), name="motion_one_open_in_a_meeting"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("person__isnull", False), models.Q(("state", "withdrawn"), _negated=True)),
                        fields=("meeting", "rule", "person"),
                        name="motion_one_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            models.Q(("entitled__isnull", False), ("passed__isnull", False)),
                            _connector="OR",
                        ),
                        name="motion_decided_has_a_result",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("standing", models.CharField(max_length=16, verbose_name="政治面貌")),
                ("attached", models.BooleanField(default=False, verbose_name="挂靠")),
                ("entitled", models.BooleanField(default=False, verbose_name="有表决权")),
                ("why_not", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("clause", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                ("excluded", models.BooleanField(default=False, verbose_name="人工认定")),
                ("excluded_by", models.CharField(blank=True, max_length=80, verbose_name="认定人")),
                (
                    "presence",
                    models.CharField(
                        choices=[("present", "到会"), ("leave", "请假"), ("absent", "未到")],
                        default="absent",
                        max_length=8,
                        verbose_name="到会",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="说明")),
                ("marked_by", models.CharField(blank=True, max_length=80, verbose_name="签到人")),
                ("marked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roll", to="orglife.meeting"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="roll_entries", to="members.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "应到会名册",
                "indexes": [models.Index(fields=["person", "meeting"], name="roll_person")],
                "constraints": [models.UniqueConstraint(fields=("meeting", "person"), name="roll_person_once")],
            },
        ),
    ]
