"""One row per thing that happened, written once by the app that owns it."""

from typing import ClassVar

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


class Fact(IdModel):
    """A thing that happened: what (``kind``), to whom, in which unit, when, and when we learned of it.

    Append-only: a correction is a new row that ``supersedes`` the old one, which stays; a withdrawal is a correction
    that is ``void``. So "as known on day X" is a query. Unique per ``source``: the same event told twice is one row.
    ``path`` repeats the unit's path and follows it; the unit is the one of the day, so an old unit keeps its records.
    """

    kind = models.CharField("事项", max_length=48)
    # The keys need no index of their own: the ones below begin with them, and every index costs each fact time.
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="facts", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="facts", db_index=False)
    path = PathField("路径")
    occurred_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("记录时间", default=now)
    recorded_by = models.CharField("记录人", max_length=80, blank=True)
    quantity = models.DecimalField("数量", max_digits=12, decimal_places=2, null=True, blank=True)
    payload = models.JSONField("内容", default=dict, blank=True)
    source_app = models.CharField("来源", max_length=32)
    source_id = models.CharField("来源编号", max_length=64)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    void = models.BooleanField("已撤销", default=False)
    reason = models.CharField("更正理由", max_length=200, blank=True)

    scope: ClassVar[Scope] = Scope(paths=("path",), own="person_id", own_capabilities=frozenset({"chronicle.view"}))
    objects = ScopedManager()

    class Meta:
        verbose_name = "纪实"
        indexes = [
            models.Index(fields=["person", "kind", "occurred_on"], name="fact_person_kind"),
            models.Index(fields=["unit", "kind", "occurred_on"], name="fact_unit_kind"),
            models.Index(fields=["kind", "occurred_on"], name="fact_kind_day"),
            models.Index(fields=["path", "occurred_on"], name="fact_path_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_app", "source_id", "kind"],
                condition=models.Q(supersedes__isnull=True),
                name="fact_unique_per_source",
            ),
            models.CheckConstraint(
                condition=models.Q(void=False) | models.Q(supersedes__isnull=False), name="fact_void_supersedes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on} {self.kind}"
