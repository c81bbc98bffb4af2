"""Ballots and what they decided; presence corrected afterwards."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.crypto
import liaoyuan.kernel.db
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    replaces = [("orglife", "0002_ballots_and_resolutions"), ("orglife", "0003_presence_corrected_after_the_meeting")]

    dependencies = [
        ("orglife", "0001_initial"),
        ("members", "0001_initial"),
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BallotBox",
            fields=[
                (
                    "motion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="box",
                        serialize=False,
                        to="orglife.motion",
                    ),
                ),
                ("sealed", liaoyuan.kernel.crypto.EncryptedField()),
            ],
            options={
                "verbose_name": "票箱",
            },
        ),
        migrations.CreateModel(
            name="PaperTally",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("handed_out", models.PositiveIntegerField(default=0, verbose_name="发出")),
                ("collected", models.PositiveIntegerField(default=0, verbose_name="收回")),
                ("yes", models.PositiveIntegerField(verbose_name="赞成")),
                ("no", models.PositiveIntegerField(verbose_name="反对")),
                ("abstain", models.PositiveIntegerField(verbose_name="弃权")),
                ("invalid", models.PositiveIntegerField(default=0, verbose_name="无效")),
                ("entered_by", models.CharField(max_length=80, verbose_name="录入人")),
                ("entered_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="orglife.motion"
                    ),
                ),
                (
                    "teller",
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
                "verbose_name": "计票",
                "constraints": [
                    models.UniqueConstraint(fields=("motion", "teller"), name="tally_one_a_teller"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("teller__isnull", True), ("collected__lte", models.F("handed_out")), _connector="OR"
                        ),
                        name="tally_collected_at_most_handed_out",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("adopted", models.BooleanField(verbose_name="通过")),
                ("performance", models.TextField(blank=True, verbose_name="主要表现")),
                ("text", models.TextField(verbose_name="决议")),
                ("drafted_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                ("signed_name", models.CharField(blank=True, max_length=80, verbose_name="书记签名")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签署时间")),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "motion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="resolution", to="orglife.motion"
                    ),
                ),
                (
                    "signed_by",
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
                "verbose_name": "决议",
            },
        ),
        migrations.CreateModel(
            name="PresenceCorrection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[("present", "到会"), ("leave", "请假"), ("absent", "未到")],
                        max_length=8,
                        verbose_name="原记录",
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[("present", "到会"), ("leave", "请假"), ("absent", "未到")],
                        max_length=8,
                        verbose_name="更正为",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("corrected_by", models.CharField(max_length=80, verbose_name="更正人")),
                ("corrected_at", models.DateTimeField(default=liaoyuan.kernel.clock.now, verbose_name="更正时间")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="orglife.rollentry"
                    ),
                ),
            ],
            options={
                "verbose_name": "到会更正",
                "ordering": ["corrected_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BallotMark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="orglife.motion"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orglife.rollentry"
                    ),
                ),
            ],
            options={
                "verbose_name": "已投票",
                "constraints": [models.UniqueConstraint(fields=("motion", "entry"), name="ballot_one_vote_a_person")],
            },
        ),
        migrations.CreateModel(
            name="WrittenOpinion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("choice", liaoyuan.kernel.crypto.EncryptedField(verbose_name="意见")),
                ("text", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="理由")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("recorded_by", models.CharField(max_length=80, verbose_name="登记人")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="orglife.rollentry"
                    ),
                ),
                (
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="orglife.motion"
                    ),
                ),
            ],
            options={
                "verbose_name": "会前书面意见",
                "constraints": [models.UniqueConstraint(fields=("motion", "entry"), name="opinion_one_a_person")],
            },
        ),
    ]
