"""How votes are kept: who has voted and what is in the box never meet (THREAT_MODEL.md, "Ballots")."""

from uuid import uuid4

from django.db import models

from liaoyuan.activity.orglife.models.meeting import RollEntry
from liaoyuan.activity.orglife.models.motion import Motion
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.crypto import EncryptedField
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.members.models import Person


class BallotMark(models.Model):
    """Somebody has voted on a motion; how, no row knows. The key is random: the platform's usual ids carry the time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="marks")
    entry = models.ForeignKey(RollEntry, on_delete=models.PROTECT, related_name="+")

    # Exempt from scoping: read only through its motion, and only to count or to refuse a second vote.
    class Meta:
        verbose_name = "已投票"
        constraints = [models.UniqueConstraint(fields=["motion", "entry"], name="ballot_one_vote_a_person")]

    def __str__(self) -> str:
        return str(self.entry_id)


class BallotBox(models.Model):
    """The sealed box of one open motion: counters in one ciphertext of fixed length, written anew with every vote and
    deleted when the motion is counted. It keeps neither rows nor times."""

    motion = models.OneToOneField(Motion, primary_key=True, on_delete=models.CASCADE, related_name="box")
    sealed = EncryptedField()

    # Exempt from scoping: read by the services that cast and count, and by nobody else.
    class Meta:
        verbose_name = "票箱"

    def __str__(self) -> str:
        return str(self.motion_id)


class WrittenOpinion(IdModel):
    """A formal opinion in writing of somebody who cannot come, received before the meeting opened (DM-28). It carries
    its author's name by its nature; it counts as a vote, and only if he did not come after all."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="opinions")
    entry = models.ForeignKey(RollEntry, on_delete=models.CASCADE, related_name="opinions")
    choice = EncryptedField("意见")
    text = EncryptedField("理由", blank=True, default="")
    received_at = models.DateTimeField("收到时间")
    recorded_by = models.CharField("登记人", max_length=80)
    recorded_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its motion.
    class Meta:
        verbose_name = "会前书面意见"
        constraints = [models.UniqueConstraint(fields=["motion", "entry"], name="opinion_one_a_person")]


class PaperTally(IdModel):
    """What one teller counted (a paper ballot has two), or the recorder (a show of hands has one, without ballots)."""

    motion = models.ForeignKey(Motion, on_delete=models.CASCADE, related_name="tallies")
    teller = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_out = models.PositiveIntegerField("发出", default=0)
    collected = models.PositiveIntegerField("收回", default=0)
    yes = models.PositiveIntegerField("赞成")
    no = models.PositiveIntegerField("反对")
    abstain = models.PositiveIntegerField("弃权")
    invalid = models.PositiveIntegerField("无效", default=0)
    entered_by = models.CharField("录入人", max_length=80)
    entered_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its motion.
    class Meta:
        verbose_name = "计票"
        constraints = [
            models.UniqueConstraint(fields=["motion", "teller"], name="tally_one_a_teller"),
            models.CheckConstraint(
                condition=models.Q(teller__isnull=True) | models.Q(collected__lte=models.F("handed_out")),
                name="tally_collected_at_most_handed_out",
            ),
        ]
