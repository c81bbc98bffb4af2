"""A meeting and its roll."""

from datetime import date
from typing import ClassVar

from django.db import models

from liaoyuan.activity.orglife.rules import meetings as rules
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


class MeetingState(models.TextChoices):
    """The life of a meeting."""

    PLANNED = rules.PLANNED, "已通知"
    OPEN = rules.OPEN, "进行中"
    CLOSED = rules.CLOSED, "已结束"
    CANCELLED = rules.CANCELLED, "已取消"


class Meeting(IdModel):
    """One meeting of a Party organisation. ``covers`` names other kinds that the same gathering counts as (an
    organisation life meeting joined with the democratic review). ``opened_at`` decides the day it was held on."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings")
    path = PathField("路径")
    kind = models.CharField("类别", max_length=24, choices=[(kind.key, kind.label) for kind in rules.KINDS.values()])
    covers = models.JSONField("同时作为", default=list, blank=True)
    title = models.CharField("议题", max_length=120)
    planned_at = models.DateTimeField("时间")
    place = models.CharField("地点", max_length=80, blank=True)
    online = models.BooleanField("线上", default=False)
    chair = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorder = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED)
    opened_at = models.DateTimeField("开始时间", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    backfilled = models.BooleanField("补录", default=False)
    minutes = models.TextField("会议记录", blank=True)
    reason = models.CharField("取消理由", max_length=200, blank=True)
    called_by = models.CharField("召集人", max_length=80)
    called_at = models.DateTimeField(default=clock.now)

    scope: ClassVar[Scope] = Scope(paths=("path",))
    objects = ScopedManager()

    class Meta:
        verbose_name = "会议"
        indexes = [
            models.Index(fields=["path", "-planned_at"], name="meeting_path"),
            models.Index(fields=["unit", "kind", "-planned_at"], name="meeting_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | models.Q(opened_at__isnull=False, closed_at__gte=models.F("opened_at")),
                name="meeting_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def held_on(self) -> date:
        """The day it was, or is to be, held on."""
        return clock.local(self.opened_at or self.planned_at).date()


class Presence(models.TextChoices):
    """Whether somebody was there."""

    PRESENT = rules.PRESENT, "到会"
    LEAVE = rules.LEAVE, "请假"
    ABSENT = rules.ABSENT, "未到"


class RollEntry(IdModel):
    """One person on the roll of one meeting: whether he has a vote there, and whether he came. ``excluded`` marks a
    decision of a named person (with reason and clause) that a new computation keeps."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roll_entries")
    standing = models.CharField("政治面貌", max_length=16)
    attached = models.BooleanField("挂靠", default=False)
    entitled = models.BooleanField("有表决权", default=False)
    why_not = models.CharField("原因", max_length=200, blank=True)
    clause = models.CharField("依据", max_length=120, blank=True)
    excluded = models.BooleanField("人工认定", default=False)
    excluded_by = models.CharField("认定人", max_length=80, blank=True)
    presence = models.CharField("到会", max_length=8, choices=Presence.choices, default=Presence.ABSENT)
    note = models.CharField("说明", max_length=120, blank=True)
    marked_by = models.CharField("签到人", max_length=80, blank=True)
    marked_at = models.DateTimeField(null=True, blank=True)

    # Exempt from scoping: read only through its meeting, which is scoped, or by the person himself.
    class Meta:
        verbose_name = "应到会名册"
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="roll_person_once")]
        indexes = [models.Index(fields=["person", "meeting"], name="roll_person")]

    def __str__(self) -> str:
        return str(self.person_id)


class PresenceCorrection(IdModel):
    """That somebody was recorded wrongly, found after the meeting was over: what stood there, what is true, why."""

    entry = models.ForeignKey(RollEntry, on_delete=models.CASCADE, related_name="corrections")
    before = models.CharField("原记录", max_length=8, choices=Presence.choices)
    after = models.CharField("更正为", max_length=8, choices=Presence.choices)
    reason = models.CharField("理由", max_length=200)
    corrected_by = models.CharField("更正人", max_length=80)
    corrected_at = models.DateTimeField("更正时间", default=clock.now)

    # Exempt from scoping: read only through its meeting, which is scoped.
    class Meta:
        verbose_name = "到会更正"
        ordering = ["corrected_at", "pk"]

    def __str__(self) -> str:
        return str(self.entry_id)
