"""One tree of Party organisations."""

from typing import ClassVar

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.units.models.site import Site


class UnitKind(models.TextChoices):
    """Kinds of Party organisation."""

    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    TEMPORARY_BRANCH = "temporary_branch", "临时党支部"
    GROUP = "group", "党小组"


class Unit(IdModel):
    """One Party organisation, from founding to dissolution. The parent is the truth; ``path`` is derived from
    ``parent`` and ``position`` and may be rebuilt. Only ``units.services`` writes, under the tree lock."""

    code = models.CharField("组织编码", max_length=48, unique=True)
    name = models.CharField("组织名称", max_length=80)
    pinyin = models.CharField("全拼", max_length=240, blank=True, default="")
    initials = models.CharField("首字母", max_length=80, blank=True, default="")
    kind = models.CharField("类别", max_length=24, choices=UnitKind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveIntegerField("次序", default=0)
    path = PathField("路径", unique=True)
    host_body = models.CharField("所在单位", max_length=80, blank=True)
    can_approve_members = models.BooleanField("可审批预备党员", default=False)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    elected_on = models.DateField("换届日期", null=True, blank=True)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="units")
    approved_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="approved_units"
    )
    mission = models.CharField("任务名称", max_length=80, blank=True)
    planned_end_on = models.DateField("计划撤销日期", null=True, blank=True)
    dissolved_on = models.DateField("撤销日期", null=True, blank=True)
    updated_at = models.DateTimeField(default=now)

    scope: ClassVar[Scope] = Scope(paths=("path",))
    objects = ScopedManager()

    class Meta:
        verbose_name = "党组织"
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(dissolved_on__isnull=True)
                | models.Q(founded_on__isnull=True)
                | models.Q(dissolved_on__gte=models.F("founded_on")),
                name="unit_dissolved_after_founded",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="temporary_branch") | models.Q(approved_by__isnull=False),
                name="unit_temporary_branch_has_approver",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_branch(self) -> bool:
        """Whether people can belong to it: a branch of any kind."""
        return self.kind in {UnitKind.BRANCH, UnitKind.JOINT_BRANCH, UnitKind.TEMPORARY_BRANCH}


class UnitChange(IdModel):
    """One structural change, with its reason: what the tree looked like on a past day can be told from these."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="changes")
    verb = models.CharField("变动", max_length=24)
    on = models.DateField("生效日期")
    reason = models.CharField("理由", max_length=300)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by_name = models.CharField("经办人", max_length=80)
    recorded_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its unit, which is scoped.
    class Meta:
        indexes = [models.Index(fields=["unit", "-recorded_at"], name="unit_change_unit")]
