"""A posting hangs no longer than its case goes on; one to which somebody has objected comes to its end."""

from collections.abc import Callable
from datetime import date

import pytest

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.services import (
    objection_answer,
    posting_conclude,
    postings_close_due,
    receiver_replace,
)
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services import converting, listing
from liaoyuan.affairs.admission.services.opening import case_follow
from liaoyuan.affairs.admission.tests.test_services_posting import objected
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.services import person_leave, person_return, standing_change

D = date.fromisoformat
SYSTEM = Actor.system("test")
DAY = D("2027-09-08")
pytestmark = pytest.mark.django_db


def hung(walk: Walk) -> PublicPosting:
    walk.to("post")
    with clock.set_to(D("2027-09-07")):
        return listing.candidate_post(
            actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"]
        )


def stopped(walk: Walk) -> None:
    converting.case_stop(actor=walk.secretary, case=walk.case.pk, on=DAY, why="本人家庭变故", standing="masses")


def left(walk: Walk) -> None:
    walk.person.refresh_from_db()
    person_leave(actor=walk.clerk, person=walk.person, on=DAY, reason="退出现役")


def fallen_back(walk: Walk) -> None:
    walk.person.refresh_from_db()
    standing_change(actor=walk.clerk, person=walk.person, kind="masses", on=DAY, basis="本人撤回申请")
    case_follow(actor=SYSTEM, person=walk.person.pk)


ENDS = pytest.mark.parametrize(
    ("end", "closed_as", "why"),
    [
        (stopped, "stopped", "发展工作已终止"),
        (left, "left", "本人已离队"),
        (fallen_back, "stopped", "发展工作已终止"),
    ],
)


@ENDS
def test_nobody_stays_posted_whose_case_does_not_go_on(
    walk: Walk, end: Callable[[Walk], None], closed_as: str, why: str
) -> None:
    posting = hung(walk)
    with clock.set_to(DAY):
        end(walk)
    posting.refresh_from_db()
    walk.case.refresh_from_db()
    assert (posting.state, posting.reason) == ("withdrawn", why)  # everybody reads it: nothing of the case's own reason
    assert walk.case.closed_as == closed_as
    assert not StepRecord.objects.filter(case=walk.case, act="post", live=True).exists()


@ENDS
def test_one_with_objections_is_left_to_its_receiver(
    walk: Walk, end: Callable[[Walk], None], closed_as: str, why: str
) -> None:
    posting = objected(walk)
    with clock.set_to(DAY):
        end(walk)
    posting.refresh_from_db()
    walk.case.refresh_from_db()
    assert (posting.state, walk.case.closed_as) == ("open", closed_as)


def test_a_case_that_goes_on_keeps_its_posting(walk: Walk) -> None:
    posting = hung(walk)
    case_follow(actor=SYSTEM, person=walk.person.pk)
    with clock.set_to(DAY), pytest.raises(DomainError):
        converting.case_stop(actor=walk.secretary, case=walk.case.pk, on=DAY, why="本人放弃", standing="full")
    posting.refresh_from_db()
    assert posting.state == "open"
    assert StepRecord.objects.filter(case=walk.case, act="post", live=True).exists()


def test_who_comes_back_is_posted_anew(walk: Walk) -> None:
    first = hung(walk)
    with clock.set_to(DAY):
        left(walk)
    with clock.set_to(D("2027-10-08")):
        walk.person.refresh_from_db()
        person_return(
            actor=walk.clerk, person=walk.person, to_unit=walk.house.branch_a, on=D("2027-10-08"), reason="离队登记有误"
        )
        second = listing.candidate_post(
            actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"]
        )
    assert second.pk != first.pk
    assert second.state == "open"


def test_a_receiver_who_left_is_replaced_and_the_case_goes_on(walk: Walk) -> None:
    posting = objected(walk)
    with clock.set_to(D("2027-09-10")):
        person_leave(actor=walk.clerk, person=walk.house.people["group_leader"], on=D("2027-09-10"), reason="退役")
    with clock.set_to(D("2027-09-20")):
        postings_close_due(actor=SYSTEM)
        receiver_replace(
            actor=walk.battalion, posting=posting.pk, receiver=walk.house.people["member"], reason="原受理人已退役"
        )
        new = walk.house.actor("member")
        objection_answer(actor=new, objection=posting.objections.get().pk, text="已核实")
        posting_conclude(
            actor=new, posting=posting.pk, result="objections_dismissed", finding="经核实不存在所反映的问题"
        )
    assert StepRecord.objects.get(case=walk.case, act="posted", live=True).detail["clear"] is True
    assert walk.do("list", on="2027-09-20").done_on == D("2027-09-20")
