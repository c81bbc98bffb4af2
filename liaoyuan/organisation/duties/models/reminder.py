"""Who was told of a duty, and when."""

from django.db import models

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.duties.models.duty import Duty


class Reminder(IdModel):
    """``user`` was told of ``duty`` at ``point`` (``r0`` … the holder, ``l0`` … the ladder). Written in the same
    transaction as the message, so that each is told at most once. A missed point is never told later."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    point = models.CharField("提醒点", max_length=8)
    on = models.DateField("日期")

    # Exempt from scoping: read only through its duty, which is scoped.
    class Meta:
        verbose_name = "提醒"
        constraints = [models.UniqueConstraint(fields=["duty", "user", "point"], name="reminder_once")]
