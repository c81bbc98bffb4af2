"""The tables of this app, and the database's refusal of two memberships of one kind on one day."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liaoyuan.kernel.clock
import liaoyuan.kernel.crypto
import liaoyuan.kernel.db
import liaoyuan.kernel.ids
import liaoyuan.organisation.members.models.text
from liaoyuan.organisation.members.protection import protect, unprotect


def _up(apps: Any, schema_editor: Any) -> None:
    protect(schema_editor.connection)


def _down(apps: Any, schema_editor: Any) -> None:
    unprotect(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("members", "0001_first_tables"),
        ("members", "0002_name_parts"),
        ("members", "0003_search_by_beginning"),
        ("members", "0004_memberships_never_overlap"),
        ("members", "0005_long_names_in_the_index"),
        ("members", "0006_keys_without_an_index_of_their_own"),
    ]

    dependencies = [
        ("files", "0001_initial"),
        ("units", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    liaoyuan.organisation.members.models.text.KeyField(
                        max_length=32, unique=True, verbose_name="人员编号"
                    ),
                ),
                ("name", liaoyuan.organisation.members.models.text.KeyField(max_length=40, verbose_name="姓名")),
                (
                    "pinyin",
                    liaoyuan.organisation.members.models.text.KeyField(blank=True, max_length=120, verbose_name="全拼"),
                ),
                (
                    "initials",
                    liaoyuan.organisation.members.models.text.KeyField(
                        blank=True, max_length=40, verbose_name="首字母"
                    ),
                ),
                ("name_2", liaoyuan.organisation.members.models.text.KeyField(blank=True, default="", max_length=40)),
                ("name_3", liaoyuan.organisation.members.models.text.KeyField(blank=True, default="", max_length=40)),
                ("name_4", liaoyuan.organisation.members.models.text.KeyField(blank=True, default="", max_length=40)),
                ("sex", models.CharField(blank=True, max_length=1, verbose_name="性别")),
                ("ethnicity", models.CharField(blank=True, max_length=2, verbose_name="民族")),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="出生日期")),
                ("id_number", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="身份证号")),
                ("id_index", models.CharField(blank=True, max_length=32)),
                ("id_tail_index", models.CharField(blank=True, max_length=32)),
                ("phone", liaoyuan.kernel.crypto.EncryptedField(blank=True, default="", verbose_name="联系电话")),
                ("native_place", models.CharField(blank=True, max_length=60, verbose_name="籍贯")),
                ("education", models.CharField(blank=True, max_length=20, verbose_name="学历")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("officer", "军官"),
                            ("nco", "军士"),
                            ("conscript", "义务兵"),
                            ("civilian", "文职人员"),
                            ("cadet", "军校学员"),
                            ("retired", "离退休人员"),
                            ("other", "其他"),
                        ],
                        max_length=16,
                        verbose_name="人员类别",
                    ),
                ),
                ("rank", models.CharField(blank=True, max_length=12, verbose_name="军衔")),
                ("rank_order", models.PositiveSmallIntegerField(default=99)),
                ("position", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("dues_base", models.BigIntegerField(blank=True, null=True, verbose_name="月党费基数（分）")),
                (
                    "home_path",
                    liaoyuan.kernel.db.PathField(blank=True, default="", max_length=64, verbose_name="所在路径"),
                ),
                (
                    "attached_path",
                    liaoyuan.kernel.db.PathField(blank=True, max_length=64, null=True, verbose_name="挂靠路径"),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("masses", "群众"),
                            ("league_member", "共青团员"),
                            ("applicant", "入党申请人"),
                            ("activist", "入党积极分子"),
                            ("candidate", "发展对象"),
                            ("probationary", "预备党员"),
                            ("full", "正式党员"),
                            ("suspended", "停止党籍"),
                            ("ended", "已不是党员"),
                        ],
                        default="masses",
                        max_length=16,
                        verbose_name="政治面貌",
                    ),
                ),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="入党日期")),
                ("full_since", models.DateField(blank=True, null=True, verbose_name="转正日期")),
                ("active", models.BooleanField(default=True, verbose_name="在队")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="离开日期")),
                ("left_reason", models.CharField(blank=True, max_length=80, verbose_name="离开原因")),
                ("created_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                ("updated_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "attached_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attached_people",
                        to="units.unit",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_people",
                        to="units.unit",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="people", to="units.unit"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="person",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "人员",
                "indexes": [
                    models.Index(fields=["home_path", "rank_order", "id"], name="person_home_path"),
                    models.Index(
                        condition=models.Q(("attached_path__isnull", False)),
                        fields=[
                            "attached_path",
                            "active",
                            "pinyin",
                            "initials",
                            "name",
                            "name_2",
                            "name_3",
                            "name_4",
                            "number",
                        ],
                        name="person_attached",
                    ),
                    models.Index(fields=["home_path", "active", "standing"], name="person_count"),
                    models.Index(fields=["pinyin", "home_path"], name="person_pinyin_path"),
                    models.Index(fields=["initials", "home_path"], name="person_initials_path"),
                    models.Index(fields=["name", "home_path"], name="person_name_path"),
                    models.Index(fields=["name_2", "home_path"], name="person_name_2_path"),
                    models.Index(fields=["name_3", "home_path"], name="person_name_3_path"),
                    models.Index(
                        condition=models.Q(("name_4__gt", "")),
                        fields=["name_4", "home_path", "attached_path", "active", "id"],
                        name="person_long_names",
                    ),
                    models.Index(fields=["id_index"], name="person_id_index"),
                    models.Index(fields=["id_tail_index"], name="person_id_tail_index"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("id_index", ""), _negated=True),
                        fields=("id_index",),
                        name="person_id_number_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dues_base__isnull", True), ("dues_base__gte", 0), _connector="OR"),
                        name="person_dues_base_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                        choices=[("home", "组织关系"), ("attached", "挂靠")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="止")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="事由")),
                ("source", models.CharField(blank=True, max_length=32)),
                ("source_id", models.UUIDField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_memberships",
                        to="units.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="units.unit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="members.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "组织关系",
                "indexes": [models.Index(fields=["unit", "kind", "since"], name="membership_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("person", "kind"),
                        name="membership_one_open_per_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="membership_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
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
                            ("masses", "群众"),
                            ("league_member", "共青团员"),
                            ("applicant", "入党申请人"),
                            ("activist", "入党积极分子"),
                            ("candidate", "发展对象"),
                            ("probationary", "预备党员"),
                            ("full", "正式党员"),
                            ("suspended", "停止党籍"),
                            ("ended", "已不是党员"),
                        ],
                        max_length=16,
                        verbose_name="政治面貌",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="止")),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="members.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "政治面貌",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("person",), name="standing_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("since__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="standing_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tenure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=liaoyuan.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(verbose_name="任职日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="免职日期")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="备注")),
                ("recorded_at", models.DateTimeField(default=liaoyuan.kernel.clock.now)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tenures",
                        to="members.person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tenures", to="units.post"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tenures",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "indexes": [models.Index(fields=["unit", "until"], name="tenure_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "unit", "post", "since"), name="tenure_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="tenure_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.RunPython(_up, _down),
    ]
