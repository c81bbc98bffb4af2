"""Postings close themselves on the day after their last day."""

from liaoyuan.activity.notices.services import postings_close_due
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor


@job("notices.close_due", cron="6 0 * * *")
def close_due() -> int:
    """Close what is due; after an outage of any length the next run catches up."""
    return postings_close_due(actor=Actor.system("公示期满"))
