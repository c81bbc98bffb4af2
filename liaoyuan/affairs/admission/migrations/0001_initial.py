"""Cases and their steps."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.crypto
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    initial = True
    replaces = [("admission", "0001_case_files")]

    dependencies = [
        ("files", "0001_initial"),
        ("members", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", liaoyuan.kernel.db.PathField(max_length=64, verbose_name="路径")),
                ("text_of", models.DateField(verbose_name="适用文本日期")),
                ("started_on", models.DateField(blank=True, null=True, verbose_name="申请日期")),
                ("standing", models.CharField(blank=True, max_length=16, verbose_name="所处身份")),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "递交入党申请书"),
                            (2, "党组织派人谈话"),
                            (3, "推荐和确定入党积极分子"),
                            (4, "上级党委备案"),
                            (5, "指定培养联系人"),
                            (6, "培养教育考察"),
                            (7, "确定拟列发展对象"),
                            (8, "上级党委同意并公示"),
                            (9, "确定入党介绍人"),
                            (10, "政治审查"),
                            (11, "短期集中培训"),
                            (12, "支部委员会审查"),
                            (13, "上级党委预审"),
                            (14, "填写入党志愿书"),
                            (15, "支部党员大会讨论"),
                            (16, "上级党委派人谈话"),
                            (17, "上级党委审批"),
                            (18, "报上级组织部门备案"),
                            (19, "编入党支部和党小组"),
                            (20, "入党宣誓"),
                            (21, "继续教育和考察"),
                            (22, "提出转正申请"),
                            (23, "支部大会讨论转正"),
                            (24, "上级党委审批转正"),
                            (25, "材料归档"),
                        ],
                        null=True,
                        verbose_name="所处步骤",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("application", "申请入党"),
                            ("activist", "入党积极分子"),
                            ("candidate", "发展对象"),
                            ("acceptance", "预备党员的接收"),
                            ("probation", "教育考察和转正"),
                        ],
                        max_length=16,
                        verbose_name="所处阶段",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="最近期限")),
                ("leaving_on", models.DateField(blank=True, null=True, verbose_name="预计离开单位日期")),
                ("back_filled", models.BooleanField(default=False, verbose_name="补录建档")),
                (
                    "closed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("archived", "已转正归档"),
                            ("stopped", "终止发展"),
                            ("disqualified", "取消预备党员资格"),
                        ],
                        max_length=16,
                        verbose_name="结案",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="结案日期")),
                ("close_reason", models.CharField(blank=True, max_length=200, verbose_name="结案说明")),
                ("opened_by", models.CharField(max_length=80, verbose_name="建档人")),
                ("opened_at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="建档时间")),
                ("updated_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="admission_cases", to="members.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="admission_cases", to="units.unit"
                    ),
                ),
            ],
            options={
                "verbose_name": "发展案卷",
                "indexes": [
                    models.Index(fields=["path", "closed_as", "stage"], name="case_board"),
                    models.Index(fields=["closed_as", "due_on"], name="case_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_as", "")), fields=("person",), name="case_one_open_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_as", ""), ("step__isnull", True), _connector="OR"),
                        name="case_closed_has_no_step",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("seq", models.PositiveIntegerField(verbose_name="次序")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("apply", "收到入党申请书"),
                            ("talk", "记录谈话"),
                            ("activist", "确定为入党积极分子"),
                            ("file_activist", "登记备案"),
                            ("mentors", "指定培养联系人"),
                            ("review", "记录半年考察"),
                            ("opinion", "登记征求的意见"),
                            ("propose", "支委会讨论拟列发展对象"),
                            ("consent", "上级党委研究是否同意"),
                            ("post", "开始公示"),
                            ("posted", "登记公示结果"),
                            ("list", "列为发展对象"),
                            ("file_candidate", "上级党委备案，列为发展对象"),
                            ("introducers", "确定入党介绍人"),
                            ("political_review", "登记政治审查结论"),
                            ("training", "登记短期集中培训"),
                            ("committee_check", "支委会审查"),
                            ("pre_review", "预审"),
                            ("form", "登记入党志愿书"),
                            ("meeting", "登记支部大会表决结果"),
                            ("report", "上报决议"),
                            ("approval_talk", "记录审批前谈话"),
                            ("extend_approval", "延长审批时间"),
                            ("approve", "审批接收预备党员"),
                            ("redo", "超期未批，重新提交支部大会"),
                            ("file_member", "登记备案"),
                            ("place", "编入党小组"),
                            ("oath", "登记入党宣誓"),
                            ("care", "记录预备期考察"),
                            ("conversion_apply", "收到转正申请"),
                            ("postpone", "推迟讨论转正"),
                            ("conversion_check", "征求意见、支委会审查"),
                            ("conversion_meeting", "登记支部大会表决结果"),
                            ("conversion_report", "上报转正决议"),
                            ("conversion_approve", "审批转正"),
                            ("archive", "材料归档"),
                            ("move", "随本人转到新的党支部"),
                            ("stop", "终止发展"),
                        ],
                        max_length=24,
                        verbose_name="事项",
                    ),
                ),
                (
                    "step",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "递交入党申请书"),
                            (2, "党组织派人谈话"),
                            (3, "推荐和确定入党积极分子"),
                            (4, "上级党委备案"),
                            (5, "指定培养联系人"),
                            (6, "培养教育考察"),
                            (7, "确定拟列发展对象"),
                            (8, "上级党委同意并公示"),
                            (9, "确定入党介绍人"),
                            (10, "政治审查"),
                            (11, "短期集中培训"),
                            (12, "支部委员会审查"),
                            (13, "上级党委预审"),
                            (14, "填写入党志愿书"),
                            (15, "支部党员大会讨论"),
                            (16, "上级党委派人谈话"),
                            (17, "上级党委审批"),
                            (18, "报上级组织部门备案"),
                            (19, "编入党支部和党小组"),
                            (20, "入党宣誓"),
                            (21, "继续教育和考察"),
                            (22, "提出转正申请"),
                            (23, "支部大会讨论转正"),
                            (24, "上级党委审批转正"),
                            (25, "材料归档"),
                        ],
                        verbose_name="步骤",
                    ),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="日期")),
                ("detail", models.JSONField(blank=True, default=dict, verbose_name="内容")),
                ("back_filled", models.BooleanField(default=False, verbose_name="补录")),
                ("against", models.JSONField(blank=True, default=list, verbose_name="已说明的情形")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                ("by_name", models.CharField(max_length=80, verbose_name="办理人")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="记录时间")),
                ("live", models.BooleanField(default=True, verbose_name="有效")),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="更正或撤销理由")),
                ("ended_by", models.CharField(blank=True, max_length=80, verbose_name="更正或撤销人")),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="admission.case"
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="newer",
                        to="admission.steprecord",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"),
                ),
            ],
            options={
                "verbose_name": "办理记录",
                "ordering": ["seq", "recorded_at"],
                "indexes": [models.Index(fields=["case", "live", "seq"], name="step_record_case")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("live", True)),
                        fields=("case", "seq"),
                        name="step_record_one_live_at_a_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_on__isnull", False), ("back_filled", True), _connector="OR"),
                        name="step_record_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("live", True), models.Q(("ended_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="step_record_ended_with_a_reason",
                    ),
                ],
            },
        ),
    ]
