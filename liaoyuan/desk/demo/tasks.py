"""Work in the background of a demonstration."""

from liaoyuan.desk.demo.services import beat
from liaoyuan.kernel.jobs import job


@job("demo.heartbeat", cron="* * * * *")
def heartbeat() -> int:
    """A few people check in (demo mode only); how many."""
    return beat()
