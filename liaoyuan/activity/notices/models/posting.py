"""A public posting and its places."""

from typing import ClassVar

from django.db import models

from liaoyuan.activity.notices import rules
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


class PostingState(models.TextChoices):
    """The life of a posting."""

    OPEN = rules.OPEN, "公示中"
    AWAITING = rules.AWAITING, "期满待核实"
    CLOSED = rules.CLOSED, "已结束"
    WITHDRAWN = rules.WITHDRAWN, "已撤下"


class PostingResult(models.TextChoices):
    """What came of it."""

    NO_OBJECTION = rules.NO_OBJECTION, "没有异议"
    UPHELD = rules.UPHELD, "异议成立"
    DISMISSED = rules.DISMISSED, "异议不成立"


class PublicPosting(IdModel):
    """One public posting of a Party organisation: words that never change (``content_hash`` is their SM3), shown to
    everybody under its places from ``starts_on`` to ``last_day``. ``path`` is the posting unit's; the places' own paths
    say who sees it. ``audience`` counts who could, when it was put up; ``views`` how often it was opened.
    Where another receiver took over, ``receiver_since`` is the day and ``receiver_before`` the name of the one before.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="public_postings")
    path = PathField("路径")
    subject_type = models.CharField(max_length=48, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("标题", max_length=120)
    body = models.JSONField("正文", default=dict)
    starts_on = models.DateField("张贴日期")
    last_day = models.DateField("截止日期")
    working_days = models.PositiveSmallIntegerField("工作日")
    counts_first_day = models.BooleanField("计入张贴当天")
    provisional = models.BooleanField("暂算", default=False)
    origin = models.CharField("期限依据", max_length=300, blank=True)
    content_hash = models.CharField("内容摘要", max_length=64)
    receiver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    receiver_since = models.DateField("受理人更换日期", null=True, blank=True)
    receiver_before = models.CharField("原受理人", max_length=80, blank=True)
    contact = models.CharField("联系方式", max_length=120, blank=True)
    audience = models.JSONField("公示范围", default=list)
    views = models.PositiveIntegerField("打开次数", default=0)
    state = models.CharField("状态", max_length=12, choices=PostingState.choices, default=PostingState.OPEN)
    result = models.CharField("结果", max_length=24, choices=PostingResult.choices, blank=True)
    finding = models.TextField("核实情况", blank=True)
    concluded_by = models.CharField("认定人", max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("撤下理由", max_length=200, blank=True)
    started_by = models.CharField("张贴人", max_length=80)
    started_at = models.DateTimeField(default=now)

    scope: ClassVar[Scope] = Scope(paths=("path",))
    objects = ScopedManager()

    class Meta:
        verbose_name = "公示"
        indexes = [
            models.Index(fields=["state", "last_day"], name="public_posting_due"),
            models.Index(fields=["path", "-starts_on"], name="public_posting_path"),
            models.Index(fields=["subject_type", "subject_id"], name="public_posting_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("starts_on")), name="public_posting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(result=""), name="public_posting_closed_has_result"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_receiver(self) -> bool:
        """Whether its receiver can take objections: he is in service and has an account."""
        return self.receiver.active and self.receiver.user_id is not None


class PostingPlace(IdModel):
    """Where a posting hangs: everybody of the unit and below sees it; ``place`` is the wall it hangs on besides."""

    posting = models.ForeignKey(PublicPosting, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    path = PathField("路径", db_index=True)
    place = models.CharField("张贴地点", max_length=80, blank=True)

    # Exempt from scoping: read only through its posting, or to find the postings that a reader may see.
    class Meta:
        verbose_name = "公示地点"
        constraints = [models.UniqueConstraint(fields=["posting", "unit"], name="posting_place_once")]
