"""Background work of admission."""

from liaoyuan.affairs.admission.services.following import mentors_follow_all
from liaoyuan.affairs.admission.services.moving import cases_follow_service
from liaoyuan.affairs.admission.services.opening import cases_follow, cases_take_over
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor


@job("admission.take_over", cron="25 0 * * *")
def take_over() -> int:
    """Open the missing cases and let the others follow their people: after an import, and every night in case one was
    missed."""
    actor = Actor.system("发展党员")
    served = cases_follow_service(actor=actor)
    return served + cases_take_over(actor=actor) + cases_follow(actor=actor) + mentors_follow_all()
