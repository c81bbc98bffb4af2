"""A posting is made on the platform, with somebody who receives objections."""

from datetime import date

import pytest

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.services import objection_answer, objection_submit, posting_conclude, posting_withdraw
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services import listing
from liaoyuan.affairs.admission.services.correcting import record_cancel
from liaoyuan.affairs.admission.tests.test_services_refusals import refused
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.foundation.regulations.models import WorkDay
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError

D = date.fromisoformat
pytestmark = pytest.mark.django_db


def test_postings_are_made_on_the_platform_with_a_receiver(walk: Walk) -> None:
    walk.to("post")
    with clock.set_to(D("2027-09-07")):
        posting = listing.candidate_post(
            actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"]
        )
    record = StepRecord.objects.get(case=walk.case, act="post")
    assert record.detail["posting"] == str(posting.pk)
    assert record.detail["ends_on"] == posting.last_day.isoformat()
    assert posting.person_id == walk.person.pk
    assert refused(walk, "post").message == "正在公示，请等公示结束。"


def objected(walk: Walk) -> PublicPosting:
    """It hangs, and somebody has written to its receiver."""
    walk.to("post")
    WorkDay.objects.create(day=D("2027-01-01"), is_workday=False)  # there is a notice for 2027: nothing is provisional
    with clock.set_to(D("2027-09-07")):
        receiver = walk.house.people["group_leader"]
        posting = listing.candidate_post(actor=walk.secretary, case=walk.case.pk, receiver=receiver)
        objection_submit(actor=walk.house.actor("member"), posting=posting.pk, text="有重大问题没有交代")
    return posting


def test_nobody_gets_around_an_objection(walk: Walk) -> None:
    """Neither a result by hand, nor taking the posting down, nor cancelling the record that it hangs."""
    posting = objected(walk)
    assert refused(walk, "posted").message.startswith("这次公示收到意见，还没有核实完")
    record = StepRecord.objects.get(case=walk.case, act="post")
    with clock.set_to(D("2027-09-10")):
        with pytest.raises(Conflict, match="已经收到异议，不能撤下"):
            posting_withdraw(actor=walk.secretary, posting=posting.pk, reason="重新公示")
        with pytest.raises(DomainError, match="请在公示页撤下"):
            record_cancel(actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="重新公示")
    assert refused(walk, "list").message == "请先办理“登记公示结果”。"


def test_what_was_found_is_not_entered_otherwise_by_hand(walk: Walk) -> None:
    posting = objected(walk)
    leader = walk.house.actor("group_leader")
    with clock.set_to(D("2027-09-15")):
        objection_answer(actor=leader, objection=posting.objections.get().pk, text="已核实")
        posting_conclude(
            actor=leader, posting=posting.pk, result="objections_dismissed", finding="经核实，所反映的情况不存在"
        )
        record = StepRecord.objects.get(case=walk.case, act="posted")
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="登记有误")
    assert refused(walk, "posted", clear=False).message.startswith("公示的结论是“异议不成立”")
    walk.do("posted")
    assert walk.do("list").done_on == D("2027-09-15")
