"""Who may act where, from when, until when."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager, ScopedQuerySet
from liaoyuan.organisation.units.models.unit import Unit


class Role(IdModel):
    """A named set of capabilities, as data; whoever gives it must hold every one of them at the unit."""

    # Exempt from scoping: reference data, the same for everybody.

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField("角色", max_length=40)
    description = models.CharField("说明", max_length=200, blank=True)
    capabilities = models.JSONField("权限", default=list)
    needs_totp = models.BooleanField("须用动态码", default=False)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        verbose_name = "角色"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class GrantSource(models.TextChoices):
    """Where a grant comes from."""

    TENURE = "tenure", "任职"
    DELEGATION = "delegation", "委托"
    APPOINTMENT = "appointment", "指定"


class GrantQuerySet(ScopedQuerySet):
    """Grants, by day."""

    def current(self, on: date) -> Self:
        """Those in force on ``on``: begun, not run out, not taken back."""
        open_or_later = models.Q(until__isnull=True) | models.Q(until__gte=on)
        return self.filter(open_or_later, since__lte=on, ended_at__isnull=True)


class GrantManager(ScopedManager.from_queryset(GrantQuerySet)):  # type: ignore[misc]  # dynamic base
    """Grants by the unit they lie over."""


class Grant(IdModel):
    """One dated permission: ``user`` holds ``role`` over ``unit`` and all below it, both days included, unless it was
    taken back (``ended_at``) before."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    path = PathField("路径", db_index=True)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    source = models.CharField("来源", max_length=16, choices=GrantSource.choices)
    source_id = models.UUIDField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="given_grants"
    )
    reason = models.CharField("理由", max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField("收回时间", null=True, blank=True)
    end_reason = models.CharField("收回理由", max_length=200, blank=True, default="")

    scope: ClassVar[Scope] = Scope(paths=("path",))
    objects = GrantManager()

    class Meta:
        verbose_name = "授权"
        indexes = [models.Index(fields=["user", "since"], name="grant_user")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="grant_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id", "user", "role", "unit"],
                condition=models.Q(source_id__isnull=False),
                name="grant_unique_per_source",
            ),
        ]
