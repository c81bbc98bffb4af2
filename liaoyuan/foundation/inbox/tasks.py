"""The inbox by the clock: sending, the digest, chasing, forgetting."""

from liaoyuan.foundation.inbox.services import chase_due, deliver_due, digests_queue, inbox_clean
from liaoyuan.foundation.inbox.services.queueing import DELIVER
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor


@job(DELIVER, cron="* * * * *")
def deliver() -> int:
    """Send what is due: new, waiting for another try, left behind by a dead worker. Returns how many went out."""
    return deliver_due(actor=Actor.system("发送消息")).sent


@job("inbox.digest", cron="*/10 * * * *")
def digest() -> int:
    """Queue the digest of everybody whose time of day has come."""
    return digests_queue(actor=Actor.system("每日摘要"))


@job("inbox.chase", cron="5 8 * * *")
def chase() -> int:
    """Remind of what must be read."""
    return chase_due(actor=Actor.system("催阅"))


@job("inbox.clean", cron="40 3 * * *")
def clean() -> int:
    """Forget what is old."""
    return inbox_clean(actor=Actor.system("清理旧消息"))
