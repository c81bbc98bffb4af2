"""Another receiver: who may name him, what passes to him, and what the one before keeps."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.proofs import content_proof
from liaoyuan.activity.notices.selectors import postings_visible
from liaoyuan.activity.notices.selectors.objections import own_thread, postings_received, threads_received
from liaoyuan.activity.notices.services import (
    objection_answer,
    objection_submit,
    posting_conclude,
    posting_withdraw,
    postings_close_due,
    receiver_replace,
)
from liaoyuan.activity.notices.tests.factories import DAY, candidate, hung
from liaoyuan.activity.notices.tests.test_services import AFTER, FINDING, SYSTEM, object_
from liaoyuan.activity.notices.todos import todos
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.members.services import person_leave

WHY = "原受理人已退役"


def replace(house, posting, *, by="battalion_secretary", to="member", on=DAY, **values):
    with clock.set_to(on):
        return receiver_replace(
            actor=house.actor(by), posting=posting.pk, **({"receiver": house.people[to], "reason": WHY} | values)
        )


class TestWho:
    @pytest.mark.parametrize(
        ("by", "error"),
        [
            ("branch_secretary", NotPermitted),  # whoever put it up does not choose who reads what is said against it
            ("group_leader", NotPermitted),  # nor does the receiver
            ("inspector", NotPermitted),
            ("branch_secretary_b", NotInScope),
            ("battalion_secretary_b", NotInScope),
            ("system_admin", NotInScope),
        ],
    )
    def test_nobody_else_does_and_nothing_changes(self, house, by, error):
        posting = hung(house)
        with pytest.raises(error):
            replace(house, posting, by=by)
        posting.refresh_from_db()
        assert posting.receiver == house.people["group_leader"]
        assert not AuditEntry.objects.filter(action="notices.receiver_replace").exists()

    @pytest.mark.parametrize("by", ["battalion_secretary", "organisation_clerk"])
    def test_whoever_posts_at_the_unit_above_does(self, house, by):
        posting = hung(house)
        replace(house, posting, by=by)
        posting.refresh_from_db()
        assert posting.receiver == house.people["member"]
        assert (posting.receiver_since, posting.receiver_before) == (DAY, "甲班长")

    def test_of_the_highest_units_postings_whoever_posts_there(self, house):
        posting = hung(house, by="organisation_clerk", unit=house.root, receiver=house.people["inspector"])
        with pytest.raises(NotPermitted):
            replace(house, posting)
        assert replace(house, posting, by="organisation_clerk").receiver == house.people["member"]

    def test_not_the_person_it_is_about(self, house):
        posting = hung(house, person=house.people["battalion_secretary"])
        with pytest.raises(NotPermitted):
            replace(house, posting)
        assert replace(house, posting, by="organisation_clerk")


class TestWhom:
    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"to": "battalion_secretary"}, "receiver"),  # nobody hands sealed letters to himself
            ({"to": "group_leader"}, "receiver"),
            ({"to": "plain_a"}, "receiver"),
            ({"reason": " 。"}, "reason"),
        ],
    )
    def test_what_cannot_be_is_refused(self, house, values, field):
        posting = hung(house)
        with pytest.raises(DomainError) as error:
            replace(house, posting, **values)
        assert error.value.field == field
        posting.refresh_from_db()
        assert posting.receiver == house.people["group_leader"]

    def test_not_the_person_it_is_about_and_nobody_who_has_left(self, house):
        about = house.people["branch_secretary"]
        posting = hung(house, person=about, by="organisation_clerk")
        with clock.set_to(DAY):
            person_leave(actor=house.actor("organisation_clerk"), person=house.people["member"], on=DAY, reason="退役")
        for person in (about, house.people["member"]):
            person.refresh_from_db()
            with pytest.raises(DomainError) as error:
                replace(house, posting, receiver=person)
            assert error.value.field == "receiver"

    def test_somebody_who_objected_may_be_named_for_a_refusal_would_tell_that_he_did(self, house):
        posting = hung(house)
        object_(house, posting)
        replace(house, posting)
        assert len(threads_received(house.actor("member"), PublicPosting.objects.unscoped("t").get())) == 1


class TestWhatPasses:
    def test_the_new_receiver_reads_every_thread_and_the_old_one_none(self, house):
        posting = hung(house)
        named = object_(house, posting)
        sealed = object_(house, posting, by="branch_secretary", anonymous=True, text="匿名反映的情况。")
        old, new = house.actor("group_leader"), house.actor("member")
        with clock.set_to(DAY):
            objection_answer(actor=old, objection=named.pk, text="已了解，正在核实。")
        replace(house, posting, to="battalion_secretary", by="organisation_clerk")
        new = house.actor("battalion_secretary")
        posting.refresh_from_db()
        read = threads_received(new, posting)
        assert [
            (one.sender, [line.text for line in one.lines]) for one in sorted(read, key=lambda one: one.anonymous)
        ] == [
            ("甲战士", ["此人曾私自外出未归。", "已了解，正在核实。"]),
            (None, ["匿名反映的情况。"]),  # a name kept from one receiver is kept from the next
        ]
        assert list(postings_received(new)) == [posting]
        with pytest.raises(NotPermitted):
            threads_received(old, posting)
        assert not postings_received(old)
        with clock.set_to(DAY):
            for one in (named, sealed):
                with pytest.raises(NotInScope):
                    objection_answer(actor=old, objection=one.pk, text="再补充一句。")
            objection_answer(actor=new, objection=sealed.pk, text="由我接着核实。")
        assert [line.text for line in own_thread(house.actor("branch_secretary"), posting).lines] == [
            "匿名反映的情况。", "由我接着核实。",
        ]  # fmt: skip

    def test_the_trail_says_from_whom_to_whom_and_why_and_the_words_stay_proved(self, house):
        posting = hung(house, person=candidate(house))
        was = posting.content_hash
        replace(house, posting)
        posting.refresh_from_db()
        entry = AuditEntry.objects.get(action="notices.receiver_replace")
        assert (entry.reason, entry.subject_id) == (WHY, posting.person_id)
        assert entry.detail == {
            "from": house.people["group_leader"].number, "from_name": "甲班长",
            "to": house.people["member"].number, "to_name": "甲战士",
            "sm3_before": was, "sm3": posting.content_hash,
        }  # fmt: skip
        assert was != posting.content_hash
        assert content_proof().ok

    def test_a_receiver_of_another_branch_loses_the_posting_with_its_threads(self, house):
        posting = hung(house, by="organisation_clerk", receiver=house.people["member_b"])
        with clock.set_to(DAY):
            assert postings_visible(house.actor("member_b")).filter(pk=posting.pk).exists()
            replace(house, posting)
            assert not postings_visible(house.actor("member_b")).filter(pk=posting.pk).exists()


def test_a_posting_whose_receiver_left_after_an_objection_comes_to_its_end(house):
    posting = hung(house)
    objection_ = object_(house, posting)
    clerk = house.actor("organisation_clerk")
    with clock.set_to(DAY):
        person_leave(actor=clerk, person=house.people["group_leader"], on=DAY, reason="退役")
    with clock.set_to(AFTER):
        postings_close_due(actor=SYSTEM)
        with pytest.raises(Conflict, match="由上一级党组织在公示页更换受理人"):
            posting_withdraw(actor=clerk, posting=posting.pk, reason="受理人退役")
        for persona, asked in (
            ("battalion_secretary", ["去更换"]),
            ("branch_secretary", []),
            ("battalion_secretary_b", []),
        ):
            assert [todo.action for todo in todos(house.actor(persona))] == asked
        replace(house, posting, to="branch_secretary", on=AFTER)
        assert [todo.action for todo in todos(house.actor("battalion_secretary"))] == []
        new = house.actor("branch_secretary")
        assert [todo.action for todo in todos(new)] == ["去答复", "去认定"]
        objection_answer(actor=new, objection=objection_.pk, text="经核实不属实。")
        done = posting_conclude(actor=new, posting=posting.pk, result="objections_dismissed", finding=FINDING)
        assert (done.state, done.concluded_by) == ("closed", "甲指导员")
        with pytest.raises(Conflict):
            replace(house, posting, on=AFTER)


def test_a_posting_taken_down_has_no_receiver_to_replace(house):
    posting = hung(house)
    with clock.set_to(DAY):
        posting_withdraw(actor=house.actor("branch_secretary"), posting=posting.pk, reason="姓名有误")
    with pytest.raises(Conflict):
        replace(house, posting)


def test_the_button_stands_where_it_may_be_pressed_and_the_page_tells_everybody(house):
    posting = hung(house, contact="电话1234")
    with clock.set_to(DAY):
        objection_submit(actor=house.actor("member"), posting=posting.pk, text="此人曾私自外出未归。")
        url, show = reverse("notices:receiver", args=[posting.pk]), reverse("notices:posting", args=[posting.pk])
        clients = {
            persona: house.login(Client(), persona)
            for persona in ("member", "branch_secretary", "battalion_secretary", "battalion_secretary_b")
        }
        assert [url in clients[one].get(show).content.decode() for one in list(clients)[:3]] == [False, False, True]
        assert [client.get(url).status_code for client in clients.values()] == [403, 403, 200, 404]
        above = clients["battalion_secretary"]
        form = above.get(url).context["form"]
        offered = set(form.fields["receiver"].queryset)
        assert house.people["member"] in offered
        assert offered.isdisjoint(
            {house.people[one] for one in ("group_leader", "battalion_secretary", "plain_a", "member_b")}
        )
        bad = above.post(url, {"receiver": house.people["branch_secretary"].pk, "reason": " 。"})
        assert bad.status_code == 422
        assert "请写明更换的理由" in bad.content.decode()
        above.post(url, {"receiver": house.people["branch_secretary"].pk, "reason": WHY, "contact": "电话5678"})
        posting.refresh_from_db()
        assert (posting.receiver, posting.contact) == (house.people["branch_secretary"], "电话5678")
        text = clients["member"].get(show).content.decode()
        assert "2026-11-20 起由其受理，此前是甲班长；已收到的异议一并转交" in text
        assert WHY not in text
        assert (
            "私自外出"
            in clients["branch_secretary"].get(reverse("notices:threads", args=[posting.pk])).content.decode()
        )
