"""What the new branch finds in the papers of somebody who moved; probationers who are not recognised."""

import django.db.models.deletion
from django.db import migrations, models

import liaoyuan.kernel.crypto
import liaoyuan.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("admission", "0003_leaving_service"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="closed_as",
            field=models.CharField(
                blank=True,
                choices=[
                    ("archived", "已转正归档"),
                    ("stopped", "终止发展"),
                    ("disqualified", "取消预备党员资格"),
                    ("not_recognised", "不予承认"),
                    ("left", "本人离队，案卷中止"),
                ],
                max_length=16,
                verbose_name="结案",
            ),
        ),
        migrations.AlterField(
            model_name="paper",
            name="kind",
            field=models.CharField(
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
                    ("transfer", "转接材料（原党组织介绍的情况、材料移交清单）"),
                    ("probation", "预备党员教育考察登记表"),
                    ("conversion_application", "转正申请书"),
                ],
                max_length=24,
                verbose_name="材料",
            ),
        ),
        migrations.AlterField(
            model_name="steprecord",
            name="act",
            field=models.CharField(
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
                    ("examine", "审查转入材料"),
                    ("disown", "审批不予承认"),
                    ("leave", "本人离队，案卷中止"),
                    ("return", "本人归队，案卷恢复"),
                    ("stop", "终止发展"),
                ],
                max_length=24,
                verbose_name="事项",
            ),
        ),
        migrations.CreateModel(
            name="Examination",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "introduction",
                    liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="原党组织介绍的情况"),
                ),
                ("summary", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="审查情况")),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="examination",
                        to="admission.steprecord",
                    ),
                ),
            ],
            options={
                "verbose_name": "转入材料审查",
            },
        ),
    ]
