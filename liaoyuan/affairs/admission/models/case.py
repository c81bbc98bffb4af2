"""The case file of one person, and what happened in it."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from liaoyuan.affairs.admission.rules.acts import ACTS, Act
from liaoyuan.affairs.admission.rules.beside import LEFT, NOT_RECOGNISED, STOPPED
from liaoyuan.affairs.admission.rules.progress import ARCHIVED, DISQUALIFIED
from liaoyuan.affairs.admission.rules.steps import STAGES, STEPS
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


class CaseEnd(models.TextChoices):
    """How a case ended; "" while it is open."""

    ARCHIVED = ARCHIVED, "已转正归档"
    STOPPED = STOPPED, "终止发展"
    DISQUALIFIED = DISQUALIFIED, "取消预备党员资格"
    NOT_RECOGNISED = NOT_RECOGNISED, "不予承认"
    LEFT = LEFT, "本人离队，案卷中止"


class Case(IdModel):
    """One person's way into the Party, from the application to the archive. ``text_of`` is the day whose version of the
    regulation binds it to the end: the day of the application. ``step``, ``stage``, ``due_on`` and ``standing`` repeat
    what the acts say (``rules.progress``, ``rules.timeline``), for boards; only services write them. ``unit`` and
    ``path`` are the branch's where the person belongs now; a case moves with its person (DM-10, DM-45)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="admission_cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="admission_cases")
    path = PathField("路径")
    text_of = models.DateField("适用文本日期")
    started_on = models.DateField("申请日期", null=True, blank=True)
    standing = models.CharField("所处身份", max_length=16, blank=True)
    step = models.PositiveSmallIntegerField("所处步骤", null=True, choices=[(int(s), i.name) for s, i in STEPS.items()])
    stage = models.CharField("所处阶段", max_length=16, blank=True, choices=[(str(s), n) for s, n in STAGES.items()])
    due_on = models.DateField("最近期限", null=True, blank=True)
    leaving_on = models.DateField("预计离开单位日期", null=True, blank=True)
    back_filled = models.BooleanField("补录建档", default=False)
    closed_as = models.CharField("结案", max_length=16, blank=True, choices=CaseEnd.choices)
    closed_on = models.DateField("结案日期", null=True, blank=True)
    close_reason = models.CharField("结案说明", max_length=200, blank=True)
    opened_by = models.CharField("建档人", max_length=80)
    opened_at = models.DateTimeField("建档时间", default=now)
    updated_at = models.DateTimeField(default=now)

    # Somebody sees that his own case exists and where it stands; opinions and reviews about him he does not (policies).
    scope: ClassVar[Scope] = Scope(paths=("path",), own="person_id", own_capabilities=frozenset({"admission.view"}))
    objects = ScopedManager()

    class Meta:
        verbose_name = "发展案卷"
        indexes = [
            models.Index(fields=["path", "closed_as", "stage"], name="case_board"),
            models.Index(fields=["closed_as", "due_on"], name="case_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(closed_as=""), name="case_one_open_a_person"),
            models.CheckConstraint(
                condition=models.Q(closed_as="") | models.Q(step__isnull=True), name="case_closed_has_no_step"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return not self.closed_as


class StepRecord(IdModel):
    """One act of a case. Never changed: a correction is a new row that ``supersedes`` it, at its place in the order
    (``seq``); a cancelled row stays with its reason. ``live`` rows alone count. ``done_on`` is None where a case was
    taken over and the day is unknown. ``against`` lists the findings that a reason or a basis answered."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="records")
    seq = models.PositiveIntegerField("次序")
    act = models.CharField("事项", max_length=24, choices=[(str(act), info.label) for act, info in ACTS.items()])
    step = models.PositiveSmallIntegerField("步骤", choices=[(int(s), i.name) for s, i in STEPS.items()])
    done_on = models.DateField("日期", null=True, blank=True)
    detail = models.JSONField("内容", default=dict, blank=True)
    back_filled = models.BooleanField("补录", default=False)
    against = models.JSONField("已说明的情形", default=list, blank=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    basis = models.CharField("依据", max_length=300, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField("办理人", max_length=80)
    recorded_at = models.DateTimeField("记录时间", default=now)
    live = models.BooleanField("有效", default=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")
    ended_reason = models.CharField("更正或撤销理由", max_length=200, blank=True)
    ended_by = models.CharField("更正或撤销人", max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "办理记录"
        ordering = ["seq", "recorded_at"]
        indexes = [models.Index(fields=["case", "live", "seq"], name="step_record_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "seq"], condition=models.Q(live=True), name="step_record_one_live_at_a_place"
            ),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=False) | models.Q(back_filled=True), name="step_record_dated"
            ),
            models.CheckConstraint(
                condition=models.Q(live=True) | ~models.Q(ended_reason=""), name="step_record_ended_with_a_reason"
            ),
        ]

    @property
    def schema(self) -> Mapping[str, type]:
        """The keys that its detail may have."""
        return ACTS[Act(self.act)].schema

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.done_on or ''}".strip()
