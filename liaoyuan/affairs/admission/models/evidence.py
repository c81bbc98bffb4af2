"""What stands behind an act: talks, reviews, opinions, the political review, training. Their texts are encrypted.

Every row belongs to the act that recorded it and counts as long as the act does.
"""

from django.db import models

from liaoyuan.affairs.admission.models.case import StepRecord
from liaoyuan.affairs.admission.rules.acts import MODES, RESULTS
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS
from liaoyuan.kernel.crypto import EncryptedField
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.members.models import Person


class Talk(IdModel):
    """A talk with the applicant, or the committee's before the approval: face to face, by telephone or by video."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="talk")
    mode = models.CharField("方式", max_length=12, choices=list(MODES.items()))
    talker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    summary = EncryptedField("谈话情况", blank=True, default="")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "谈话记录"


class Review(IdModel):
    """A half-year's review of an activist, or of a probationer."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="review")
    result = models.CharField("结论", max_length=8, choices=list(RESULTS.items()))
    summary = EncryptedField("考察情况", blank=True, default="")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "考察记录"


class Opinion(IdModel):
    """What one of the four sources says about a candidate (DM-12)."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="opinion")
    source = models.CharField("来源", max_length=8, choices=list(OPINION_LABELS.items()))
    summary = EncryptedField("意见", blank=True, default="")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "征求意见"


class PoliticalReview(IdModel):
    """The conclusion of the political review and how it was made (DM-18)."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="political_review")
    passed = models.BooleanField("合格")
    methods = models.JSONField("方法", default=list, blank=True)
    summary = EncryptedField("结论", blank=True, default="")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "政治审查"


class Training(IdModel):
    """The short training: days and hours, or the exemption with its basis (DM-19)."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="training")
    begins_on = models.DateField("开始", null=True, blank=True)
    days = models.PositiveSmallIntegerField("天数", default=0)
    hours = models.PositiveSmallIntegerField("学时", default=0)
    provider = models.CharField("举办单位", max_length=80, blank=True)
    exempt = models.BooleanField("个别特殊情况", default=False)

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "集中培训"


class Examination(IdModel):
    """What the branch into which somebody moved found in his papers, and what the old one told (DM-10, DM-45)."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="examination")
    introduction = EncryptedField("原党组织介绍的情况", blank=True, default="")
    summary = EncryptedField("审查情况", blank=True, default="")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "转入材料审查"
