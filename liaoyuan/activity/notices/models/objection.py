"""Objections: sealed threads between a sender and the named receiver."""

from uuid import uuid4

from django.db import models

from liaoyuan.activity.notices.models.posting import PublicPosting
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.crypto import EncryptedField


class Objection(models.Model):
    """One person's thread about one posting. Who sent it is encrypted, found again by the sender through a keyed blind
    index; keys are random and days have no hour, so that the row itself tells no one who or when exactly."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    posting = models.ForeignKey(PublicPosting, on_delete=models.CASCADE, related_name="objections")
    sender = EncryptedField()
    sender_index = models.CharField(max_length=32)
    anonymous = models.BooleanField("匿名", default=False)
    answered = models.BooleanField("已答复", default=False)
    submitted_on = models.DateField("提出日期", default=today)

    # Exempt from scoping: only its sender and the posting's receiver may read it, whatever the reach.
    class Meta:
        verbose_name = "公示异议"
        constraints = [models.UniqueConstraint(fields=["posting", "sender_index"], name="objection_one_thread")]

    def __str__(self) -> str:
        return str(self.pk)


class ObjectionMessage(models.Model):
    """One message of a thread, encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    objection = models.ForeignKey(Objection, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveSmallIntegerField("次序")
    from_receiver = models.BooleanField("受理人", default=False)
    text = EncryptedField("内容")
    sent_on = models.DateField("日期", default=today)

    # Exempt from scoping: read only through its objection.
    class Meta:
        verbose_name = "异议往来"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["objection", "number"], name="objection_message_once")]

    def __str__(self) -> str:
        return str(self.number)
