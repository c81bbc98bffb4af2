"""Background work: what dates do by themselves."""

from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.services.recheck import delegations_recheck
from liaoyuan.organisation.units.services.totp import totp_recompute


@job("units.grants_of_the_day", cron="5 0 * * *")
def grants_of_the_day() -> None:
    """Just after midnight: delegations whose giver's own time has passed end, and the duty of a second factor follows
    the grants of the new day. Safe to repeat. (That a grant's days have passed needs no job: every read compares.)"""
    with unit_of_work():
        delegations_recheck(under=[""], actor=Actor.system("每日核对授权"))
        totp_recompute()
