"""The instance's own calendar of working days."""

from django.db import models


class WorkDay(models.Model):
    """Whether a day is worked, and who says so. A year without any row is computed by weekday and called 暂算."""

    day = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    source = models.CharField("依据", max_length=80)

    # Exempt from scoping: the calendar is everybody's.
    class Meta:
        verbose_name = "工作日历"

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_workday else '休息'}"
