"""A parameter set differently by a unit that has the power to."""

from typing import ClassVar

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager


class ParameterOverride(IdModel):
    """One parameter's value for a unit and all below it, from ``since`` to ``until`` (both included; open = still).
    The nearest unit upwards wins; among those of one unit, the latest. ``path`` follows the unit when it moves."""

    parameter = models.CharField("参数", max_length=80)
    path = PathField("路径")
    unit_id = models.UUIDField()
    unit_name = models.CharField("单位", max_length=80)
    value = models.JSONField("值")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    reason = models.CharField("理由", max_length=300)
    by_name = models.CharField("经办人", max_length=80)
    recorded_at = models.DateTimeField(default=now)

    scope: ClassVar[Scope] = Scope(paths=("path",))
    objects = ScopedManager()

    class Meta:
        verbose_name = "参数调整"
        indexes = [models.Index(fields=["parameter", "path", "-since"], name="override_parameter_path")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="override_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parameter}＝{self.value}（{self.unit_name}）"
