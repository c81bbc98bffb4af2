"""One thing owed by a day."""

from typing import ClassVar

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


class DutyState(models.TextChoices):
    """Open until a closing fact is known; lapsed where it no longer applies (the person left, the opening was
    withdrawn)."""

    OPEN = "open", "待办"
    CLOSED = "closed", "办结"
    LAPSED = "lapsed", "不再适用"


class Duty(IdModel):
    """What ``rule`` asks about a person or a unit, from ``opened_on``, by ``due`` (None: a state without a day).

    ``key`` tells one opening from the next (the opening fact's source, a period's first day); with rule and subject it
    is unique, so that evaluating twice, or twice at once, changes nothing. ``unit`` is the subject's unit, whose path
    ``path`` repeats. The responsible person is not stored: he is whoever holds the post on the day, unless the duty was
    handed to somebody (``handed_to``)."""

    rule = models.CharField("规则", max_length=16)
    version = models.CharField("依据版本", max_length=48)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.CASCADE, related_name="duties", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    path = PathField("路径")
    key = models.CharField(max_length=120)
    opened_on = models.DateField("起")
    due = models.DateField("到期", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=DutyState.choices, default=DutyState.OPEN)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    closed_by = models.ForeignKey(Fact, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    told = models.CharField("最近提醒", max_length=8, blank=True, default="")
    handed_to = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="duties_taken_over"
    )
    snoozed_until = models.DateField("暂缓至", null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    scope: ClassVar[Scope] = Scope(paths=("path",), own="person_id", own_capabilities=frozenset({"duties.view"}))
    objects = ScopedManager()

    class Meta:
        verbose_name = "到点提醒"
        indexes = [
            # All that the board looks at: it counts the open ones of a subtree from here alone.
            models.Index(fields=["state", "path", "rule", "due"], name="duty_board"),
            models.Index(fields=["rule", "state", "due"], name="duty_rule"),
            models.Index(fields=["person", "state"], name="duty_person"),
            models.Index(fields=["handed_to", "state"], name="duty_handed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "person", "key"],
                condition=models.Q(person__isnull=False),
                name="duty_once_per_person",
            ),
            models.UniqueConstraint(
                fields=["rule", "unit", "key"], condition=models.Q(person__isnull=True), name="duty_once_per_unit"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_on__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_on__isnull=False)),
                name="duty_closed_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.due or '无日期'}"


class DutyAct(IdModel):
    """What somebody did about a duty: snoozed, handed over, taken back. Append-only."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="acts", db_index=False)
    verb = models.CharField("动作", max_length=16)
    at = models.DateTimeField("时间", default=now)
    by_name = models.CharField("经办人", max_length=80)
    reason = models.CharField("理由", max_length=200, blank=True)
    detail = models.CharField("内容", max_length=120, blank=True)

    # Exempt from scoping: read only through its duty, which is scoped.
    class Meta:
        verbose_name = "到点提醒的处理"
        indexes = [models.Index(fields=["duty", "-at"], name="duty_act_duty")]
