"""A posting is made on the platform, with somebody who receives objections."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.services import objection_answer, objection_submit, posting_conclude, posting_withdraw
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services import listing
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.tests.test_services_refusals import refused
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.foundation.regulations.models import WorkDay
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.services import duties_evaluate, live_mark
from liaoyuan.organisation.members.services import membership_attach, membership_detach
from liaoyuan.organisation.whereabouts.tests.factories import PostingFactory

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


def on_walls(walk: Walk, on: str, ends: str, **more: Any) -> StepRecord:
    """A posting that hung on walls, filled in on 2027-10-08."""
    with clock.set_to(D("2027-10-08")):
        return listing.posting_record(
            actor=walk.secretary, case=walk.case.pk, on=D(on), ends_on=D(ends), **{"places": ["连部公示栏"], **more}
        )


def test_a_posting_that_hung_on_walls_is_filled_in_and_marked(walk: Walk) -> None:
    walk.to("post")
    record = on_walls(walk, "2027-09-07", "2027-09-14", places=[" 连部 公示栏", "", "食堂门口", "食堂门口"])
    assert record.detail == {
        "ends_on": "2027-09-14", "places": ["连部 公示栏", "食堂门口"], "away": [], "paper": True,
    }  # fmt: skip
    assert (record.back_filled, record.done_on) == (True, D("2027-09-07"))
    assert not PublicPosting.objects.unscoped("test").exists()
    walk.do("posted")
    assert walk.do("list").done_on == D("2027-09-15")


def test_a_wall_posting_put_up_today_is_none_that_was_filled_in(walk: Walk) -> None:
    assert walk.to("posted").case.records.get(act="post").back_filled is False


def ended_posting(walk: Walk) -> Duty:
    duties_evaluate()
    return Duty.objects.unscoped("test").get(rule="DM-13", person=walk.person)


def test_the_end_of_a_posting_on_walls_is_reminded_of_and_closed_by_its_result(walk: Walk) -> None:
    walk.to("post")
    with clock.set_to(D("2027-09-07")):
        live_mark()
        record = listing.posting_record(
            actor=walk.secretary, case=walk.case.pk, on=D("2027-09-07"), ends_on=D("2027-09-14"), places=["公示栏"]
        )
        assert (ended_posting(walk).state, ended_posting(walk).due) == (DutyState.OPEN, D("2027-09-14"))
        record_correct(
            actor=walk.secretary,
            case=walk.case.pk,
            record=record.pk,
            reason="少算一天",
            detail={"ends_on": "2027-09-15"},
        )
        assert ended_posting(walk).due == D("2027-09-15")
    with clock.set_to(D("2027-09-16")):
        walk.do("posted", on="2027-09-16")
        assert (ended_posting(walk).state, ended_posting(walk).closed_on) == (DutyState.CLOSED, D("2027-09-16"))


def test_a_posting_on_the_platform_is_told_once(walk: Walk) -> None:
    walk.to("post")
    with clock.set_to(D("2027-09-07")):
        listing.candidate_post(actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"])
    facts = Fact.objects.unscoped("test").filter(person=walk.person, kind__startswith="notices.")
    assert list(facts.values_list("kind", "source_app")) == [("notices.posting_started", "notices")]


@pytest.mark.parametrize(
    ("on", "ends", "places", "field", "words"),
    [
        ("2027-09-07", "2027-09-13", ["公示栏"], "ends_on", "至少到 2027-09-14"),  # the first day does not count
        ("2027-09-07", "2027-09-06", ["公示栏"], "ends_on", "请核对"),
        ("2027-09-07", "2072-09-14", ["公示栏"], "ends_on", "请核对"),
        ("2027-09-07", "2027-09-14", [], "places", "张贴在哪里"),
        ("2027-09-07", "2027-09-14", ["——", " "], "places", "张贴在哪里"),
        ("2027-09-05", "2027-09-14", ["公示栏"], "on", "早于"),  # before the committee above agreed
        ("2027-10-11", "2027-10-20", ["公示栏"], "on", "还没有到"),
    ],
)
def test_a_wall_posting_that_cannot_be(
    walk: Walk, on: str, ends: str, places: list[str], field: str, words: str
) -> None:
    walk.to("post")
    with pytest.raises(DomainError, match=words) as found:
        on_walls(walk, on, ends, places=places)
    assert found.value.field == field
    assert not StepRecord.objects.filter(case=walk.case, act="post").exists()


def test_a_wall_posting_of_years_ago_is_counted_by_the_calendar_of_its_own_days(walk: Walk) -> None:
    walk.to("post")
    WorkDay.objects.create(day=D("2027-09-09"), is_workday=False)
    with clock.set_to(D("2031-03-01")), pytest.raises(DomainError, match="至少到 2027-09-15"):
        listing.posting_record(
            actor=walk.secretary, case=walk.case.pk, on=D("2027-09-07"), ends_on=D("2027-09-14"), places=["公示栏"]
        )


@pytest.mark.parametrize(
    ("since", "until", "wanted"),
    [
        ("2027-09-01", None, True),
        ("2027-09-14", None, True),
        ("2027-09-15", None, False),
        ("2027-08-01", "2027-09-07", False),  # back home on the day it was put up
        ("2027-08-01", "2027-09-08", True),
    ],
)
def test_who_was_attached_elsewhere_is_posted_in_both_places(
    walk: Walk, since: str, until: str | None, wanted: bool
) -> None:
    walk.to("post")
    with clock.set_to(D("2027-10-08")):
        membership_attach(
            actor=walk.clerk, person=walk.person, unit=walk.house.branch_b, since=D(since), reason="外出执行任务"
        )
        if until:
            membership_detach(actor=walk.clerk, person=walk.person, on=D(until), reason="任务结束")
    if wanted:
        with pytest.raises(DomainError, match="流出地和流入地同时公示") as found:
            on_walls(walk, "2027-09-07", "2027-09-14")
        assert found.value.field == "away"
        assert walk.house.branch_b.name in found.value.message
        assert "第13条" in found.value.clause
        record = on_walls(walk, "2027-09-07", "2027-09-14", away=["乙营宣传栏"])
        assert (record.detail["places"], record.detail["away"]) == (["连部公示栏", "乙营宣传栏"], ["乙营宣传栏"])
    else:
        assert on_walls(walk, "2027-09-07", "2027-09-14").detail["away"] == []


@pytest.mark.parametrize(("since", "wanted"), [("2027-03-06", True), ("2027-03-07", False)])
def test_who_is_away_for_more_than_six_months_is_posted_there_too(walk: Walk, since: str, wanted: bool) -> None:
    """On 2027-09-07, on walls and on the platform; nobody looks after him where he has gone."""
    walk.to("post")
    PostingFactory(person=walk.person, since=D(since), planned_end=None)
    receiver = walk.house.people["group_leader"]

    def on_platform(**more: str) -> StepRecord:
        with clock.set_to(D("2027-09-07")):
            listing.candidate_post(actor=walk.secretary, case=walk.case.pk, receiver=receiver, **more)
        return StepRecord.objects.get(case=walk.case, act="post")

    if not wanted:
        assert on_platform().detail["away"] == []
        return
    for put_up in (lambda: on_walls(walk, "2027-09-07", "2027-09-14"), on_platform):
        with pytest.raises(DomainError, match="外出（西北驻训点）已超过6个月，须在流出地和流入地同时公示") as found:
            put_up()
        assert found.value.field == "away"
        assert "第13条" in found.value.clause
    record = on_platform(away="驻训点食堂门口")
    assert (record.detail["places"], record.detail["away"]) == (
        ["甲营一连党支部", "驻训点食堂门口"],
        ["驻训点食堂门口"],
    )


def test_the_wall_where_he_has_gone_is_asked_for_on_the_form_of_whom_it_concerns(walk: Walk, visitor: Any) -> None:
    walk.to("post")
    client = visitor("branch_secretary")
    assert "流入地的张贴地点" not in client.page("act", walk.case.pk, "post", on="2027-09-07")
    PostingFactory(person=walk.person, since=D("2027-03-06"), planned_end=None)
    assert "本人自 2027-03-06 外出（西北驻训点）已超过6个月" in client.page(
        "act", walk.case.pk, "post", on="2027-09-07"
    )


def test_a_wall_where_he_had_gone_is_named_for_a_posting_on_walls(walk: Walk) -> None:
    walk.to("post")
    PostingFactory(person=walk.person, since=D("2027-01-01"), planned_end=None, ended_on=D("2027-09-08"))
    with pytest.raises(DomainError, match="流入地"):
        on_walls(walk, "2027-09-07", "2027-09-14")
    assert on_walls(walk, "2027-09-07", "2027-09-14", away=["驻训点食堂"]).detail["away"] == ["驻训点食堂"]


def test_the_result_of_a_wall_posting_does_not_answer_to_an_earlier_one_on_the_platform(walk: Walk) -> None:
    posting = objected(walk)
    leader = walk.house.actor("group_leader")
    with clock.set_to(D("2027-09-15")):
        objection_answer(actor=leader, objection=posting.objections.get().pk, text="已核实")
        posting_conclude(
            actor=leader, posting=posting.pk, result="objections_upheld", finding="经核实，所反映的情况属实，已批评教育"
        )
    for source in ("group", "mentors", "members", "masses"):
        walk.do(f"opinion:{source}", on="2027-09-16")
    walk.do("propose", on="2027-09-17")
    walk.do("consent", on="2027-09-20")
    on_walls(walk, "2027-09-21", "2027-09-29")
    walk.do("posted", on="2027-10-08")
    assert walk.do("list", on="2027-10-08").done_on == D("2027-10-08")
