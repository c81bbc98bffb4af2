"""What a meeting votes on, and the resolution that comes of it."""

from django.db import models

from liaoyuan.activity.orglife.models.meeting import Meeting
from liaoyuan.activity.orglife.rules import decisions
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.members.models import Person


class MotionState(models.TextChoices):
    """The life of a motion."""

    PLANNED = "planned", "待表决"
    OPEN = "open", "正在表决"
    DECIDED = "decided", "已表决"
    WITHDRAWN = "withdrawn", "已撤回"


class BallotMode(models.TextChoices):
    """How votes are given."""

    HANDHELD = decisions.HANDHELD, "手持终端无记名投票"
    PAPER = decisions.PAPER, "纸质无记名投票"
    SHOW_OF_HANDS = decisions.HANDS, "举手表决"


class Motion(IdModel):
    """One question put to the vote. ``rule`` names the decision rule; ``person`` whom it is about, if anybody;
    ``subject_type`` and ``subject_id`` the affair it decides ("" = none); ``text_of`` the day whose version of the
    regulation binds the case (a case begun under the old text keeps it). Counts stand only once it is decided; those
    of ``written`` are contained in ``yes``, ``no`` and ``abstain``."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="motions")
    order = models.PositiveSmallIntegerField("次序")
    title = models.CharField("议题", max_length=120)
    rule = models.CharField(
        "表决规则", max_length=16, choices=[(rule.id, rule.label) for rule in decisions.RULES.values()]
    )
    mode = models.CharField("表决方式", max_length=16, choices=BallotMode.choices, default=BallotMode.HANDHELD)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mover = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=48, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    text_of = models.DateField(null=True, blank=True)
    override_basis = models.CharField("另有规定的依据", max_length=200, blank=True)
    agenda = models.JSONField("已进行的议程", default=list, blank=True)
    state = models.CharField("状态", max_length=12, choices=MotionState.choices, default=MotionState.PLANNED)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    entitled = models.PositiveIntegerField("应到会有表决权", null=True, blank=True)
    present = models.PositiveIntegerField("实到会有表决权", null=True, blank=True)
    yes = models.PositiveIntegerField("赞成", null=True, blank=True)
    no = models.PositiveIntegerField("反对", null=True, blank=True)
    abstain = models.PositiveIntegerField("弃权", null=True, blank=True)
    invalid = models.PositiveIntegerField("无效", null=True, blank=True)
    written = models.PositiveIntegerField("会前书面意见", null=True, blank=True)
    passed = models.BooleanField("通过", null=True, blank=True)
    explanation = models.CharField("说明", max_length=300, blank=True)
    disclosure = models.CharField("票数本身说明的", max_length=200, blank=True)
    clause = models.CharField("依据", max_length=300, blank=True)
    reason = models.CharField("撤回理由", max_length=200, blank=True)
    created_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its meeting, which is scoped.
    class Meta:
        verbose_name = "表决事项"
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="motion_order_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(state="open"), name="motion_one_open_in_a_meeting"
            ),
            models.UniqueConstraint(
                fields=["meeting", "rule", "person"],
                condition=models.Q(person__isnull=False) & ~models.Q(state="withdrawn"),
                name="motion_one_a_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="decided") | models.Q(passed__isnull=False, entitled__isnull=False),
                name="motion_decided_has_a_result",
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="motion_subject")]

    def __str__(self) -> str:
        return self.title


class Resolution(IdModel):
    """The resolution of one motion: drafted from the count, signed by the secretary, unchangeable afterwards.
    ``digest`` is the SM3 of what was signed."""

    motion = models.OneToOneField(Motion, on_delete=models.CASCADE, related_name="resolution")
    adopted = models.BooleanField("通过")
    performance = models.TextField("主要表现", blank=True)
    text = models.TextField("决议")
    drafted_at = models.DateTimeField(default=now)
    signed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    signed_name = models.CharField("书记签名", max_length=80, blank=True)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    # Exempt from scoping: read only through its meeting, which is scoped.
    class Meta:
        verbose_name = "决议"

    def __str__(self) -> str:
        return self.text[:40]
