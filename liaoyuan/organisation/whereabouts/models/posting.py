"""Being away on purpose."""

from typing import ClassVar

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site, Unit


class Purpose(IdModel):
    """Why people go away (驻训, 集训, 休假 …), as data."""

    name = models.CharField("事由", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(default=100)

    # Exempt from scoping: a list of words that everybody may read.
    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Posting(IdModel):
    """A person is away at ``site`` for ``purpose``, from ``since``, expected back on ``planned_end``, really back on
    ``ended_on`` (both included; open = still away). ``attached_unit`` looks after him meanwhile (挂靠)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="postings", db_index=False)
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="postings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="postings")
    attached_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="postings")
    since = models.DateField("开始日期")
    planned_end = models.DateField("预计结束日期", null=True, blank=True)
    ended_on = models.DateField("实际结束日期", null=True, blank=True)
    confirmed_at = models.DateTimeField("到位确认", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    recorded_by = models.CharField("登记人", max_length=80, blank=True)
    recorded_at = models.DateTimeField(default=now)

    scope: ClassVar[Scope] = Scope(
        paths=("person__home_path", "person__attached_path"),
        own="person_id",
        own_capabilities=frozenset({"whereabouts.view"}),
    )
    objects = ScopedManager()

    class Meta:
        verbose_name = "外出"
        indexes = [
            models.Index(fields=["person", "-since"], name="posting_person"),
            models.Index(fields=["ended_on", "since"], name="posting_open"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_end__isnull=True) | models.Q(planned_end__gte=models.F("since")),
                name="posting_planned_end_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("since")),
                name="posting_ended_after_start",
            ),
        ]


class PostingChange(IdModel):
    """One step in the life of a posting: recorded, confirmed, extended, corrected, ended, cancelled. Append-only; it
    outlives a cancelled posting."""

    posting = models.ForeignKey(Posting, null=True, on_delete=models.SET_NULL, related_name="changes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posting_changes")
    verb = models.CharField("动作", max_length=16)
    at = models.DateTimeField("时间", default=now)
    by_name = models.CharField("经办人", max_length=80)
    reason = models.CharField("理由", max_length=200, blank=True)
    detail = models.JSONField(default=dict)

    # Exempt from scoping: read only through its posting or person, which are scoped.
    class Meta:
        verbose_name = "外出变动"
        indexes = [models.Index(fields=["posting", "at"], name="posting_change_posting")]
