"""Writes of duties."""

from liaoyuan.organisation.duties.services.act import duty_hand_over, duty_record, duty_snooze, duty_take_back
from liaoyuan.organisation.duties.services.remind import reminders_send
from liaoyuan.organisation.duties.services.returning import duties_return
from liaoyuan.organisation.duties.services.run import Summary, duties_evaluate, live_mark, missed_evaluate

__all__ = [
    "Summary",
    "duties_evaluate",
    "duties_return",
    "duty_hand_over",
    "duty_record",
    "duty_snooze",
    "duty_take_back",
    "live_mark",
    "missed_evaluate",
    "reminders_send",
]
