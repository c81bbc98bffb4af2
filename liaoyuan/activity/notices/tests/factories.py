"""Postings for tests, put up through the service."""

from datetime import date
from typing import Any

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.rules import Body
from liaoyuan.activity.notices.services import posting_start
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory

DAY = date(2026, 11, 20)  # a Friday
BODY = Body(
    "经支部委员会研究，拟将下列同志列为发展对象，现予公示。",
    (("姓名", "某某"), ("申请入党时间", "2024-03-01")),
    "如有异议请反映。",
)


def hung(house: House, *, on: date = DAY, by: str = "branch_secretary", **values: Any) -> PublicPosting:
    """A posting of branch a, put up on ``on``; the group leader receives objections."""
    values = {
        "unit": house.branch_a,
        "title": "关于拟列发展对象的公示",
        "body": BODY,
        "receiver": house.people["group_leader"],
        **values,
    }
    with clock.set_to(on):
        return posting_start(actor=house.actor(by), **values)


def candidate(house: House, **values: Any) -> Person:
    """Somebody of branch a whom a posting may be about."""
    return PersonFactory(unit=house.branch_a, group=house.group_a, standing="activist", **values)
