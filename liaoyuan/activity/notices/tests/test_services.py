"""Putting up, objecting, answering, closing; who sees what."""

from datetime import date

import pytest
from django.db import connection

from liaoyuan.activity.notices.events import PostingClosed, PostingWithdrawn
from liaoyuan.activity.notices.models import Objection, PublicPosting
from liaoyuan.activity.notices.proofs import content_proof
from liaoyuan.activity.notices.rules import Body
from liaoyuan.activity.notices.selectors import mobile_at, posting_visible, postings_of_subject, postings_visible
from liaoyuan.activity.notices.selectors.objections import own_thread, threads_received
from liaoyuan.activity.notices.selectors.postings import Mobile
from liaoyuan.activity.notices.services import (
    Place,
    objection_answer,
    objection_submit,
    posting_conclude,
    posting_viewed,
    posting_withdraw,
    postings_close_due,
)
from liaoyuan.activity.notices.tests.factories import DAY, candidate, hung
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.regulations.services.calendar import calendar_set
from liaoyuan.foundation.regulations.services.overrides import override_set
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.tests.factories import PersonFactory
from liaoyuan.organisation.units.events import UnitPathsChanged
from liaoyuan.organisation.whereabouts.tests.factories import PostingFactory

SYSTEM = Actor.system("测试")
LAST = date(2026, 11, 27)
AFTER = date(2026, 11, 28)
FINDING = "经核实，所反映的情况与事实不符，已向反映人说明。"


@pytest.fixture
def heard(monkeypatch):
    found = []
    for event in (PostingClosed, PostingWithdrawn):
        monkeypatch.setitem(bus._inside, event, [found.append])
    return found


def stored() -> int:
    return PublicPosting.objects.unscoped("test").count()


def object_(house, posting, *, by="member", on=DAY, **values):
    with clock.set_to(on):
        return objection_submit(actor=house.actor(by), posting=posting.pk, **{"text": "此人曾私自外出未归。", **values})


class TestStarting:
    def test_it_hangs_for_five_working_days_with_its_proof(self, house):
        posting = hung(house, subject_type="admission.case", subject_id="7")
        assert (posting.starts_on, posting.last_day, posting.working_days) == (DAY, LAST, 5)
        assert len(posting.content_hash) == 64
        assert posting.audience == [
            {"unit": "甲营一连党支部", "code": "L-A-Z1", "wall": "", "people": 5, "accounts": 4}
        ]
        with clock.set_to(DAY):
            assert postings_of_subject(house.actor("member"), "admission.case", "7").count() == 1
            assert postings_of_subject(house.actor("member_b"), "admission.case", "7").count() == 0
        assert AuditEntry.objects.filter(action="notices.posting_start").count() == 1

    @pytest.mark.parametrize(
        ("by", "error"),
        [
            ("member", NotPermitted),
            ("group_leader", NotPermitted),
            ("branch_secretary_b", NotPermitted),
            ("inspector", NotPermitted),
            ("system_admin", NotPermitted),
        ],
    )
    def test_only_who_may_puts_one_up(self, house, by, error):
        with pytest.raises(error):
            hung(house, by=by)
        assert stored() == 0

    def test_about_somebody_away_it_hangs_in_both_places_at_once(self, house):
        person = candidate(house, attached_unit=house.branch_b)
        with pytest.raises(DomainError) as error:
            hung(house, person=person, places=[Place(house.branch_a)])
        assert error.value.field == "places"
        assert error.value.clause == "《中国共产党发展党员工作细则（2026年）》第13条"
        assert stored() == 0
        both = hung(house, person=person)
        assert set(both.places.values_list("unit__code", flat=True)) == {"L-A-Z1", "L-B-Z1"}
        with clock.set_to(DAY):
            assert posting_visible(house.actor("member_b"), both.pk) == both

    @pytest.mark.parametrize(
        ("since", "ended", "wanted"),
        [
            (date(2026, 5, 19), None, True),
            (date(2026, 5, 20), None, False),  # six months to the day are not more than six
            (date(2025, 1, 1), date(2026, 11, 20), False),  # back on the day it is put up
            (date(2025, 1, 1), date(2026, 11, 21), True),
            (date(2026, 11, 25), None, False),  # planned
        ],
    )
    def test_about_somebody_away_for_long_it_hangs_where_he_has_gone(self, house, since, ended, wanted):
        person = candidate(house)
        PostingFactory(person=person, since=since, planned_end=None, ended_on=ended)
        if not wanted:
            assert hung(house, person=person).places.get().place == ""
            return
        for nowhere in ("", " —— "):
            with pytest.raises(DomainError) as error:
                hung(house, person=person, away=nowhere)
            assert (error.value.field, error.value.clause) == ("away", "《中国共产党发展党员工作细则（2026年）》第13条")
            assert f"自 {since} 外出（西北驻训点）已超过6个月，须在流出地和流入地同时公示" in error.value.message
        assert stored() == 0
        posting = hung(house, person=person, away=" 驻训点  食堂门口 ")
        assert list(posting.places.values_list("unit__code", "place")) == [("L-A-Z1", "流入地：驻训点 食堂门口")]
        assert posting.audience[0]["wall"] == "流入地：驻训点 食堂门口"

    def test_a_branch_that_looks_after_him_is_the_second_place(self, house):
        person = candidate(house, attached_unit=house.branch_b)
        PostingFactory(person=person, since=date(2025, 1, 1), planned_end=None, attached_unit=house.branch_b)
        assert hung(house, person=person).places.count() == 2

    def test_beside_the_walls_named_the_one_where_he_has_gone_is_told(self, house):
        person = candidate(house)
        PostingFactory(person=person, since=date(2025, 1, 1), planned_end=None)
        posting = hung(house, person=person, places=[Place(house.branch_a, "连部公示栏")], away="驻训点食堂")
        assert posting.places.get().place == "连部公示栏；流入地：驻训点食堂"

    def test_who_is_away_for_long_is_dated_data_of_the_units(self, house):
        person = candidate(house)
        PostingFactory(person=person, since=date(2026, 8, 19), planned_end=None)
        assert mobile_at(person, DAY) is None
        override_set(
            actor=house.actor("organisation_clerk"), parameter_id="education.mobile_when_away_more_than",
            path=house.root.path, unit_id=house.root.pk, unit_name=house.root.name, value="P3M",
            since=date(2026, 11, 20), reason="旅党委决定",
        )  # fmt: skip
        assert mobile_at(person, DAY) == Mobile("西北驻训点", date(2026, 8, 19), "3个月")
        assert mobile_at(person, date(2026, 11, 19)) is None

    def test_a_further_place_needs_the_right_over_it(self, house):
        with pytest.raises(NotPermitted):
            hung(house, places=[Place(house.branch_a), Place(house.branch_b)])
        assert hung(house, by="organisation_clerk", places=[Place(house.root, "旅机关公告栏")]).places.count() == 1

    def test_what_cannot_be_is_refused(self, house):
        person = candidate(house)
        gone = PersonFactory(unit=house.branch_a, active=False)
        for values, field in (
            ({"title": " "}, "title"),
            ({"body": Body("")}, "body"),
            ({"starts_on": date(2026, 11, 19)}, "starts_on"),
            ({"receiver": house.people["plain_a"]}, "receiver"),
            ({"receiver": gone}, "receiver"),
            ({"receiver": house.people["group_leader"], "person": house.people["group_leader"]}, "receiver"),
        ):
            with pytest.raises(DomainError) as error:
                hung(house, **values)
            assert error.value.field == field
        assert stored() == 0
        assert hung(house, person=person).person == person

    def test_one_put_up_for_a_later_day_is_not_seen_before(self, house):
        posting = hung(house, starts_on=date(2026, 11, 24))
        with clock.set_to(DAY):
            with pytest.raises(NotInScope):
                posting_visible(house.actor("member"), posting.pk)
            assert posting_visible(house.actor("branch_secretary"), posting.pk) == posting
        with clock.set_to(date(2026, 11, 24)):
            assert posting_visible(house.actor("member"), posting.pk) == posting


def test_everybody_under_its_places_sees_it_and_nobody_beside(house):
    branch = hung(house)
    brigade = hung(house, by="organisation_clerk", unit=house.root, receiver=house.people["inspector"])
    with clock.set_to(DAY):
        seen = {
            persona: set(postings_visible(house.actor(persona)).values_list("pk", flat=True))
            for persona in ("member", "group_leader", "battalion_secretary", "member_b", "system_admin")
        }
    assert seen["member"] == seen["group_leader"] == seen["battalion_secretary"] == {branch.pk, brigade.pk}
    assert seen["member_b"] == {brigade.pk}
    assert seen["system_admin"] == set()


def test_views_are_counted_and_viewers_are_not_kept(house):
    posting = hung(house)
    for _number in range(3):
        posting_viewed(posting.pk)
    posting.refresh_from_db()
    assert posting.views == 3


def test_words_changed_behind_the_platforms_back_are_found(house):
    posting = hung(house)
    assert content_proof().ok
    PublicPosting.objects.unscoped("test").filter(pk=posting.pk).update(title="关于拟列发展对象的公告")
    assert not content_proof().ok


class TestObjections:
    def test_sender_and_receiver_read_the_thread_and_nobody_else(self, house):
        posting = hung(house)
        objection = object_(house, posting)
        leader = house.actor("group_leader")
        assert [(one.sender, one.lines[0].text) for one in threads_received(leader, posting)] == [
            ("甲战士", "此人曾私自外出未归。")
        ]
        assert own_thread(house.actor("member"), posting).id == objection.pk
        for persona in ("branch_secretary", "battalion_secretary", "organisation_clerk", "inspector", "member_b"):
            assert own_thread(house.actor(persona), posting) is None
            with pytest.raises(NotPermitted):
                threads_received(house.actor(persona), posting)
            with pytest.raises(NotInScope):
                objection_answer(actor=house.actor(persona), objection=objection.pk, text="我来答复")
        assert objection.messages.count() == 1

    def test_without_a_name_the_receiver_learns_none_and_still_answers(self, house):
        posting = hung(house)
        objection = object_(house, posting, anonymous=True)
        leader = house.actor("group_leader")
        assert [(one.sender, one.anonymous) for one in threads_received(leader, posting)] == [(None, True)]
        with clock.set_to(DAY):
            objection_answer(actor=leader, objection=objection.pk, text="已了解，正在核实。")
        thread = own_thread(house.actor("member"), posting)
        assert [(line.from_receiver, line.text) for line in thread.lines][1] == (True, "已了解，正在核实。")
        assert thread.answered

    def test_neither_the_database_nor_the_trail_names_the_sender(self, house):
        posting = hung(house)
        object_(house, posting)
        member = house.people["member"]
        with connection.cursor() as cursor:
            cursor.execute("SELECT sender, sender_index FROM notices_objection")
            sealed = " ".join(map(str, cursor.fetchone()))
            cursor.execute("SELECT text FROM notices_objectionmessage")
            text = str(cursor.fetchone()[0])
        assert str(member.pk) not in sealed
        assert member.pk.hex not in sealed
        assert "外出" not in text
        entry = AuditEntry.objects.get(action="notices.objection_submit")
        assert (entry.actor_id, entry.subject_id, entry.detail, entry.address) == (None, None, {}, "")
        assert Objection.objects.get().pk.version == 4

    def test_a_second_message_continues_the_thread(self, house):
        posting = hung(house)
        first = object_(house, posting)
        with clock.set_to(DAY):
            objection_answer(actor=house.actor("group_leader"), objection=first.pk, text="请补充时间地点。")
        second = object_(house, posting, text="今年八月，在驻训点。")
        assert first.pk == second.pk
        assert not Objection.objects.get().answered
        assert [one.number for one in first.messages.all()] == [1, 2, 3]

    def test_it_comes_within_the_period_from_who_may_see_it(self, house):
        posting = hung(house)
        with pytest.raises(Conflict):
            object_(house, posting, on=AFTER)
        with pytest.raises(NotInScope):
            object_(house, posting, by="member_b")
        with pytest.raises(NotPermitted):
            object_(house, posting, by="group_leader")
        for text in ("", " 。", "字" * 5001):
            with pytest.raises(DomainError):
                object_(house, posting, text=text)
        assert not Objection.objects.exists()
        assert object_(house, posting, on=LAST)


class TestClosing:
    def test_without_objections_it_closes_itself_on_the_day_after(self, house, heard):
        posting = hung(house, subject_type="admission.case", subject_id="7")
        with clock.set_to(LAST):
            assert postings_close_due(actor=SYSTEM) == 0
        with clock.set_to(AFTER):
            assert postings_close_due(actor=SYSTEM) == 1
            assert postings_close_due(actor=SYSTEM) == 0
        posting.refresh_from_db()
        assert (posting.state, posting.result) == ("closed", "no_objection")
        assert heard == [PostingClosed(posting.pk, "admission.case", "7", "no_objection", LAST)]

    def test_after_an_outage_it_catches_up(self, house, heard):
        hung(house)
        hung(house, title="第二份公示")
        with clock.set_to(date(2027, 3, 1)):
            assert postings_close_due(actor=SYSTEM) == 2
        assert [event.last_day for event in heard] == [LAST, LAST]

    def test_with_objections_the_receiver_says_what_came_of_them(self, house, heard):
        posting = hung(house)
        objection = object_(house, posting)
        leader = house.actor("group_leader")
        with clock.set_to(LAST), pytest.raises(Conflict):
            posting_conclude(actor=leader, posting=posting.pk, result="objections_dismissed", finding=FINDING)
        with clock.set_to(AFTER):
            assert postings_close_due(actor=SYSTEM) == 1
            posting.refresh_from_db()
            assert (posting.state, heard) == ("awaiting", [])
            with pytest.raises(Conflict, match="没有答复"):
                posting_conclude(actor=leader, posting=posting.pk, result="objections_dismissed", finding=FINDING)
            objection_answer(actor=leader, objection=objection.pk, text="经核实不属实。")
            for persona in ("branch_secretary", "organisation_clerk", "member"):
                with pytest.raises(NotPermitted):
                    posting_conclude(
                        actor=house.actor(persona), posting=posting.pk, result="objections_dismissed", finding=FINDING
                    )
            with pytest.raises(DomainError):
                posting_conclude(actor=leader, posting=posting.pk, result="no_objection", finding=FINDING)
            with pytest.raises(DomainError) as error:
                posting_conclude(actor=leader, posting=posting.pk, result="objections_upheld", finding="是")
            assert error.value.field == "finding"
            done = posting_conclude(actor=leader, posting=posting.pk, result="objections_upheld", finding=FINDING)
            assert (done.state, done.result, done.concluded_by) == ("closed", "objections_upheld", "甲班长")
            with pytest.raises(Conflict):
                posting_conclude(actor=leader, posting=posting.pk, result="objections_upheld", finding=FINDING)
            with pytest.raises(Conflict):
                objection_answer(actor=leader, objection=objection.pk, text="再补充一句。")
        assert [event.result for event in heard] == ["objections_upheld"]

    def test_a_provisional_period_waits_for_the_notice_and_is_counted_anew(self, house, heard):
        posting = hung(house, on=date(2026, 12, 25))
        assert (posting.provisional, posting.last_day) == (True, date(2027, 1, 1))
        with clock.set_to(date(2027, 1, 5)):
            assert postings_close_due(actor=SYSTEM) == 0
            calendar_set(actor=SYSTEM, days={date(2027, 1, 1): False}, source="国务院办公厅2027年节假日安排")
            assert postings_close_due(actor=SYSTEM) == 1
        posting.refresh_from_db()
        assert (posting.last_day, posting.provisional, posting.result) == (date(2027, 1, 4), False, "no_objection")

    def test_without_a_notice_a_named_person_closes_it(self, house, heard):
        posting = hung(house, on=date(2026, 12, 25))
        with clock.set_to(date(2027, 1, 5)):
            with pytest.raises(NotPermitted):
                posting_conclude(actor=house.actor("member"), posting=posting.pk, result="no_objection")
            done = posting_conclude(actor=house.actor("branch_secretary"), posting=posting.pk, result="no_objection")
        assert (done.state, done.concluded_by) == ("closed", "甲指导员")

    def test_it_is_taken_down_with_a_reason_once(self, house, heard):
        posting = hung(house)
        for by, reason, error in (
            ("member", "张贴有误", NotPermitted),
            ("branch_secretary_b", "张贴有误", NotInScope),
            ("branch_secretary", " ", DomainError),
        ):
            with clock.set_to(DAY), pytest.raises(error):
                posting_withdraw(actor=house.actor(by), posting=posting.pk, reason=reason)
        with clock.set_to(DAY):
            posting_withdraw(actor=house.actor("branch_secretary"), posting=posting.pk, reason="姓名有误")
            with pytest.raises(Conflict):
                posting_withdraw(actor=house.actor("branch_secretary"), posting=posting.pk, reason="姓名有误")
            with pytest.raises(Conflict):
                object_(house, posting)
        with clock.set_to(AFTER):
            assert postings_close_due(actor=SYSTEM) == 0
        assert [type(event) for event in heard] == [PostingWithdrawn]


def test_postings_and_places_follow_their_unit(house):
    posting = hung(house)
    bus.publish(UnitPathsChanged(moves=((posting.path, "0000000Z"),)))
    posting.refresh_from_db()
    assert posting.path == "0000000Z"
    assert posting.places.get().path == "0000000Z"
