"""A case is suspended when its person leaves service."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("admission", "0002_companions"),
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
                    ("left", "本人离队，案卷中止"),
                ],
                max_length=16,
                verbose_name="结案",
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
                    ("leave", "本人离队，案卷中止"),
                    ("return", "本人归队，案卷恢复"),
                    ("stop", "终止发展"),
                ],
                max_length=24,
                verbose_name="事项",
            ),
        ),
    ]
