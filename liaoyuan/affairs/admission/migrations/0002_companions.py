"""Who goes along with a case, what was found, and its papers."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.crypto
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    replaces = [("admission", "0002_companions_evidence_papers"), ("admission", "0003_a_review_noted_elsewhere")]

    dependencies = [
        ("admission", "0001_initial"),
        ("files", "0001_initial"),
        ("members", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("application", "入党申请书"),
                            ("talk", "谈话记录"),
                            ("recommendation", "推荐（推优）材料"),
                            ("activist_filing", "入党积极分子备案表"),
                            ("cultivation", "入党积极分子培养教育考察登记表"),
                            ("opinions", "征求意见记录"),
                            ("posting", "公示材料和公示结果"),
                            ("political_review", "政治审查材料"),
                            ("training", "短期集中培训证明"),
                            ("pre_review", "预审结果通知"),
                            ("form", "入党志愿书"),
                            ("minutes", "支部大会会议记录"),
                            ("oath", "入党宣誓记录"),
                            ("probation", "预备党员教育考察登记表"),
                            ("conversion_application", "转正申请书"),
                        ],
                        max_length=24,
                        verbose_name="材料",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="收到日期")),
                ("pages", models.PositiveSmallIntegerField(default=1, verbose_name="页数")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="存放处")),
                ("by_name", models.CharField(max_length=80, verbose_name="登记人")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="papers", to="admission.case"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "案卷材料",
                "constraints": [models.UniqueConstraint(fields=("case", "kind"), name="paper_one_of_a_kind")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("good", "表现良好，继续培养"),
                            ("more", "有不足，需加强培养"),
                            ("poor", "不宜继续培养"),
                            ("noted", "已考察（结论见记录）"),
                        ],
                        max_length=8,
                        verbose_name="结论",
                    ),
                ),
                ("summary", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="考察情况")),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="review", to="admission.steprecord"
                    ),
                ),
            ],
            options={
                "verbose_name": "考察记录",
            },
        ),
        migrations.CreateModel(
            name="PoliticalReview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("passed", models.BooleanField(verbose_name="合格")),
                ("methods", models.JSONField(blank=True, default=list, verbose_name="方法")),
                ("summary", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="结论")),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="political_review",
                        to="admission.steprecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "政治审查",
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("group", "党小组"),
                            ("mentors", "培养联系人"),
                            ("members", "党员"),
                            ("masses", "群众"),
                        ],
                        max_length=8,
                        verbose_name="来源",
                    ),
                ),
                ("summary", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="意见")),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinion", to="admission.steprecord"
                    ),
                ),
            ],
            options={
                "verbose_name": "征求意见",
            },
        ),
        migrations.CreateModel(
            name="Mentor",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="止")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mentors", to="admission.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mentored_cases", to="members.person"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentors",
                        to="admission.steprecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "培养联系人",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("case", "person"), name="mentor_open_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Introducer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="止")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="introducers", to="admission.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="introduced_cases",
                        to="members.person",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="introducers",
                        to="admission.steprecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "入党介绍人",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("case", "person"),
                        name="introducer_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Talk",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("in_person", "当面"), ("phone", "电话"), ("video", "视频")],
                        max_length=12,
                        verbose_name="方式",
                    ),
                ),
                ("summary", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="谈话情况")),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="talk", to="admission.steprecord"
                    ),
                ),
                (
                    "talker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "谈话记录",
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("begins_on", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="天数")),
                ("hours", models.PositiveSmallIntegerField(default=0, verbose_name="学时")),
                ("provider", models.CharField(blank=True, max_length=80, verbose_name="举办单位")),
                ("exempt", models.BooleanField(default=False, verbose_name="个别特殊情况")),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="training", to="admission.steprecord"
                    ),
                ),
            ],
            options={
                "verbose_name": "集中培训",
            },
        ),
    ]
