"""Background work of admission."""

from liaoyuan.affairs.admission.services.opening import cases_take_over
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor


@job("admission.take_over", cron="25 0 * * *")
def take_over() -> int:
    """Open the missing cases: after an import, and every night in case one was missed."""
    return cases_take_over(actor=Actor.system("发展党员"))
