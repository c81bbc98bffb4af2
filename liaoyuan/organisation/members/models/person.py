"""A person of the organisation, member or not."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.crypto import EncryptedField
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models.standing import StandingKind
from liaoyuan.organisation.members.models.text import KeyField
from liaoyuan.organisation.units.models import Unit


class PersonCategory(models.TextChoices):
    """人员类别 (ML-16…ML-21)."""

    OFFICER = "officer", "军官"
    NCO = "nco", "军士"
    CONSCRIPT = "conscript", "义务兵"
    CIVILIAN = "civilian", "文职人员"
    CADET = "cadet", "军校学员"
    RETIRED = "retired", "离退休人员"
    OTHER = "other", "其他"


_SEARCHED = ("pinyin", "initials", "name", "name_2", "name_3", "name_4", "number")


class Person(IdModel):
    """One person, found by 人员编号. ``unit``, ``group``, ``home_path``, ``attached_*`` and ``standing`` repeat the
    open Membership and Standing rows for fast lists; only ``members.services`` writes them, in the same transaction.
    ``home_path`` is the Party group's path where there is one, else the branch's. Who left keeps his last place."""

    number = KeyField("人员编号", max_length=32, unique=True)
    name = KeyField("姓名", max_length=40)
    pinyin = KeyField("全拼", max_length=120, blank=True)
    initials = KeyField("首字母", max_length=40, blank=True)
    # The name from its second, third, fourth character on: a search for any part is a search for a beginning.
    name_2 = KeyField(max_length=40, blank=True, default="")
    name_3 = KeyField(max_length=40, blank=True, default="")
    name_4 = KeyField(max_length=40, blank=True, default="")
    sex = models.CharField("性别", max_length=1, blank=True)
    ethnicity = models.CharField("民族", max_length=2, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    id_number = EncryptedField("身份证号", blank=True, default="")
    id_index = models.CharField(max_length=32, blank=True)
    id_tail_index = models.CharField(max_length=32, blank=True)
    phone = EncryptedField("联系电话", blank=True, default="")
    native_place = models.CharField("籍贯", max_length=60, blank=True)
    education = models.CharField("学历", max_length=20, blank=True)
    category = models.CharField("人员类别", max_length=16, choices=PersonCategory.choices, blank=True)
    rank = models.CharField("军衔", max_length=12, blank=True)
    rank_order = models.PositiveSmallIntegerField(default=99)
    position = models.CharField("职务", max_length=40, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    dues_base = models.BigIntegerField("月党费基数（分）", null=True, blank=True)
    photo = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="people")
    group = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="group_people")
    home_path = PathField("所在路径", blank=True, default="")
    attached_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="attached_people"
    )
    attached_path = PathField("挂靠路径", null=True, blank=True)
    standing = models.CharField("政治面貌", max_length=16, choices=StandingKind.choices, default=StandingKind.MASSES)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    full_since = models.DateField("转正日期", null=True, blank=True)
    active = models.BooleanField("在队", default=True)
    left_on = models.DateField("离开日期", null=True, blank=True)
    left_reason = models.CharField("离开原因", max_length=80, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    # A person sees himself; "members.view_self" etc. are his own capabilities.
    scope: ClassVar[Scope] = Scope(
        paths=("home_path", "attached_path"),
        own="id",
        own_capabilities=frozenset({"members.view", "members.view_file"}),
    )
    objects = ScopedManager()

    class Meta:
        verbose_name = "人员"
        indexes = [
            models.Index(fields=["home_path", "rank_order", "id"], name="person_home_path"),
            # Few are attached: the index holds all that a search looks at, and only them.
            models.Index(
                fields=["attached_path", "active", *_SEARCHED],
                condition=models.Q(attached_path__isnull=False),
                name="person_attached",
            ),
            # Counting people of a subtree reads this index alone.
            models.Index(fields=["home_path", "active", "standing"], name="person_count"),
            # With the path, so that a common name in a small scope is told from the index alone.
            models.Index(fields=["pinyin", "home_path"], name="person_pinyin_path"),
            models.Index(fields=["initials", "home_path"], name="person_initials_path"),
            models.Index(fields=["name", "home_path"], name="person_name_path"),
            models.Index(fields=["name_2", "home_path"], name="person_name_2_path"),
            models.Index(fields=["name_3", "home_path"], name="person_name_3_path"),
            # Few names are so long; each is looked at, and the index holds all that is looked at.
            models.Index(
                fields=["name_4", "home_path", "attached_path", "active", "id"],
                condition=models.Q(name_4__gt=""),
                name="person_long_names",
            ),
            models.Index(fields=["id_index"], name="person_id_index"),
            models.Index(fields=["id_tail_index"], name="person_id_tail_index"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_index"], condition=~models.Q(id_index=""), name="person_id_number_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(dues_base__isnull=True) | models.Q(dues_base__gte=0),
                name="person_dues_base_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name
