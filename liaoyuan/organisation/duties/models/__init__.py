"""What is due, who was told, and since when the platform counts."""

from liaoyuan.organisation.duties.models.duty import Duty, DutyAct, DutyState
from liaoyuan.organisation.duties.models.feed import CalendarFeed
from liaoyuan.organisation.duties.models.reminder import Reminder
from liaoyuan.organisation.duties.models.run import Run

__all__ = ["CalendarFeed", "Duty", "DutyAct", "DutyState", "Reminder", "Run"]
