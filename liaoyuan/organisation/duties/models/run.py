"""Since when the platform counts, and up to which day it has."""

from django.db import models

from liaoyuan.kernel.ids import new_id


class Run(models.Model):
    """One row. ``live_on`` is the day on which the platform began to count: recurring duties of earlier turns are not
    raised, nobody could prove them. ``last_on`` only moves forward: a clock that jumps back is refused; ``told_on`` is
    the day whose reminders were all put. Facts recorded since ``facts_at`` are looked at again, lest one was missed.
    ``stamp`` is another one whenever a duty was opened, moved or closed: what was counted under it holds while it
    stands."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    live_on = models.DateField("开始计算")
    last_on = models.DateField("最近计算到", null=True, blank=True)
    last_at = models.DateTimeField("最近计算时间", null=True, blank=True)
    told_on = models.DateField("最近提醒到", null=True, blank=True)
    facts_at = models.DateTimeField("纪实核对到", null=True, blank=True)
    stamp = models.UUIDField("内容戳", default=new_id, editable=False)

    # Exempt from scoping: it says nothing about anybody.
    class Meta:
        verbose_name = "到点提醒的计算"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="run_is_one")]

    def __str__(self) -> str:
        return f"自{self.live_on}起，到{self.last_on or '—'}"
