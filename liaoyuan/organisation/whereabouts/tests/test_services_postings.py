from datetime import date, timedelta
from typing import Any

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, SiteFactory, UnitFactory
from liaoyuan.organisation.units.models import Site, UnitKind
from liaoyuan.organisation.whereabouts.models import Posting, PostingChange, Presence, Purpose
from liaoyuan.organisation.whereabouts.services.changes import (
    Correction,
    posting_cancel,
    posting_confirm,
    posting_correct,
    posting_end,
    posting_extend,
)
from liaoyuan.organisation.whereabouts.services.day import attachments_begin
from liaoyuan.organisation.whereabouts.services.postings import posting_begin_group
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh
from liaoyuan.organisation.whereabouts.services.problems import GroupRefused
from liaoyuan.organisation.whereabouts.tests.factories import TODAY, PostingFactory

pytestmark = pytest.mark.django_db
SINCE, UNTIL = date(2026, 11, 20), date(2026, 12, 20)


def begin(
    house: House, training: Purpose, camp: Site, *people: Person, by: str = "branch_secretary", **more: Any
) -> Any:
    values = {"since": SINCE, "planned_end": UNTIL, **more}
    return posting_begin_group(
        actor=house.actor(by), people=[person.pk for person in people], purpose=training, site=camp, **values
    )


def attached(person: Person) -> list[tuple[Any, ...]]:
    rows = person.memberships.filter(kind=MembershipKind.ATTACHED).order_by("since")
    return [(row.unit.name, row.since, row.until) for row in rows]


@pytest.fixture
def camp_branch(house: House) -> Any:
    return UnitFactory(
        code="L-T1", name="驻训临时党支部", kind=UnitKind.TEMPORARY_BRANCH, parent=house.root, approved_by=house.root
    )


def test_a_group_goes_and_everybody_is_placed_recorded_and_told_on(house: House, training: Purpose, camp: Site):
    people = [house.people["member"], house.people["plain_a"]]
    postings = begin(house, training, camp, *people, note="  第一批 ")
    assert [row.person for row in postings] == people
    assert {row.note for row in postings} == {"第一批"}
    for person in people:
        row = Presence.objects.get(pk=person.pk)
        assert (row.kind, row.site, row.purpose) == ("posting", camp, training)
    assert PostingChange.objects.filter(verb="recorded").count() == 2
    subjects = set(AuditEntry.objects.filter(action="whereabouts.post").values_list("subject_id", flat=True))
    assert subjects == {person.pk for person in people}


def test_all_or_nothing_with_every_problem_by_person(house: House, training: Purpose, camp: Site):
    away, gone, fine = (
        house.people["member"],
        PersonFactory(unit=house.branch_a, name="离队者"),
        house.people["plain_a"],
    )
    PostingFactory(person=away, since=date(2026, 11, 1), planned_end=date(2026, 11, 10))
    Person.objects.filter(pk=gone.pk).update(active=False)
    with pytest.raises(GroupRefused) as refused:
        begin(house, training, camp, away, gone, fine, house.people["member_b"])
    problems = {problem.who: problem.sentence for problem in refused.value.problems}
    assert len(problems) == 3
    assert "没有找到" in problems["1 人"]  # the other side: neither name nor number
    assert "请先登记归队" in problems[f"甲战士（{away.number}）"]
    assert "不在队" in problems[f"离队者（{gone.number}）"]
    assert Posting.objects.count() == 1
    assert PostingChange.objects.count() == 0
    assert AuditEntry.objects.filter(action="whereabouts.post", allowed=True).count() == 0


@pytest.mark.parametrize("by", ["member", "group_leader", "inspector"])
def test_only_who_may_post_posts(house: House, training: Purpose, camp: Site, by: str):
    with pytest.raises(NotPermitted):
        begin(house, training, camp, house.people["plain_a"], by=by)
    assert Posting.objects.count() == 0


def test_the_other_battalion_cannot_post_ours(house: House, training: Purpose, camp: Site):
    with pytest.raises(GroupRefused) as refused:
        begin(house, training, camp, house.people["plain_a"], by="battalion_secretary_b")
    assert "甲" not in str(refused.value.problems)
    assert Posting.objects.count() == 0


def test_the_branch_one_is_attached_to_cannot_send_him_on(house: House, training: Purpose, camp: Site):
    person = house.people["plain_a"]
    Person.objects.filter(pk=person.pk).update(attached_unit=house.branch_b, attached_path=house.branch_b.path)
    with pytest.raises(GroupRefused) as refused:
        begin(house, training, camp, person, by="branch_secretary_b")
    assert "本人所在支部" in refused.value.problems[0].sentence


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"planned_end": date(2026, 11, 19)}, "planned_end"),
        ({"since": date(2006, 11, 20)}, "since"),
        ({"planned_end": date(2036, 1, 1)}, "since"),
    ],
)
def test_impossible_dates(house: House, training: Purpose, camp: Site, values: dict[str, Any], field: str):
    with pytest.raises(DomainError) as refused:
        begin(house, training, camp, house.people["plain_a"], **values)
    assert refused.value.field == field
    assert Posting.objects.count() == 0


def test_nobody_and_places_out_of_use(house: House, training: Purpose, camp: Site):
    with pytest.raises(DomainError, match="至少选择一个人"):
        begin(house, training, camp)
    camp.active = False
    camp.save()
    with pytest.raises(DomainError, match="停用"):
        begin(house, training, camp, house.people["plain_a"])


def test_attached_from_the_first_day_until_the_return(house: House, training: Purpose, camp: Site, camp_branch: Any):
    person = house.people["plain_a"]
    (posting,) = begin(house, training, camp, person, attached_unit=camp_branch)
    assert attached(person) == [("驻训临时党支部", SINCE, None)]
    assert Presence.objects.get(pk=person.pk).attached_path == camp_branch.path
    posting_end(actor=house.actor("branch_secretary"), posting=posting.pk, ended_on=TODAY)
    assert attached(person) == [("驻训临时党支部", SINCE, TODAY)]
    person.refresh_from_db()
    assert (person.attached_unit, person.attached_path) == (None, None)
    row = Presence.objects.get(pk=person.pk)
    assert (row.kind, row.attached_path) == ("home", None)


def test_attachment_elsewhere_is_named_and_nobody_goes(house: House, training: Purpose, camp: Site, camp_branch: Any):
    person, other = house.people["plain_a"], house.people["member"]
    Membership.objects.create(person=person, kind="attached", unit=house.branch_b, since=date(2026, 11, 1))
    with pytest.raises(GroupRefused) as refused:
        begin(house, training, camp, other, person, attached_unit=camp_branch)
    assert [problem.who for problem in refused.value.problems] == [f"甲无账号（{person.number}）"]
    assert Posting.objects.count() == 0
    assert attached(other) == []


def test_one_cannot_be_attached_to_ones_own_or_to_no_branch(house: House, training: Purpose, camp: Site):
    with pytest.raises(GroupRefused):
        begin(house, training, camp, house.people["plain_a"], attached_unit=house.branch_a)
    with pytest.raises(DomainError, match="党支部"):
        begin(house, training, camp, house.people["plain_a"], attached_unit=house.battalion_a)


def test_a_posting_to_come_attaches_on_its_day(house: House, training: Purpose, camp: Site, camp_branch: Any):
    person = house.people["plain_a"]
    begin(house, training, camp, person, since=date(2026, 11, 25), attached_unit=camp_branch)
    assert attached(person) == []
    with clock.set_to(date(2026, 11, 25)):
        assert attachments_begin(actor=house.actor("organisation_clerk")) == 1
        assert attachments_begin(actor=house.actor("organisation_clerk")) == 0
        presence_refresh()
        assert attached(person) == [("驻训临时党支部", date(2026, 11, 25), None)]
        assert Presence.objects.get(pk=person.pk).kind == "posting"


def test_confirming_by_himself_home_or_host_but_nobody_else(house: House, camp_branch: Any):
    for persona in ("member", "branch_secretary", "battalion_secretary"):
        posting = PostingFactory(person=house.people["member"])
        before = clock.now()
        posting_confirm(actor=house.actor(persona), posting=posting.pk)
        posting.refresh_from_db()
        assert before <= posting.confirmed_at <= clock.now()
        posting.delete()
    posting = PostingFactory(person=house.people["member"])
    with pytest.raises(NotPermitted):
        posting_confirm(actor=house.actor("inspector"), posting=posting.pk)
    with pytest.raises(NotInScope):
        posting_confirm(actor=house.actor("battalion_secretary_b"), posting=posting.pk)
    posting.refresh_from_db()
    assert posting.confirmed_at is None


def test_confirmation_makes_the_knowledge_fresh_and_happens_once(house: House):
    posting = PostingFactory(person=house.people["member"])
    posting_confirm(actor=house.actor("branch_secretary"), posting=posting.pk)
    assert Presence.objects.get(pk=posting.person_id).seen_at.date() == TODAY
    with pytest.raises(Conflict):
        posting_confirm(actor=house.actor("branch_secretary"), posting=posting.pk)
    planned = PostingFactory(person=house.people["plain_a"], since=date(2026, 11, 23))
    with pytest.raises(Conflict):
        posting_confirm(actor=house.actor("branch_secretary"), posting=planned.pk)


def test_extending_keeps_before_and_after_and_wants_a_reason(house: House):
    posting = PostingFactory(person=house.people["member"])
    actor = house.actor("branch_secretary")
    with pytest.raises(DomainError, match="理由"):
        posting_extend(actor=actor, posting=posting.pk, planned_end=date(2027, 1, 1), reason=" ")
    posting_extend(actor=actor, posting=posting.pk, planned_end=date(2027, 1, 1), reason="任务延长")
    change = PostingChange.objects.get()
    assert (change.verb, change.reason) == ("extended", "任务延长")
    assert change.detail == {"before": "2026-12-20", "after": "2027-01-01"}
    with pytest.raises(DomainError, match="相同"):
        posting_extend(actor=actor, posting=posting.pk, planned_end=date(2027, 1, 1), reason="再次")


def test_extending_into_the_next_posting_is_refused(house: House):
    posting = PostingFactory(person=house.people["member"])
    PostingFactory(person=house.people["member"], since=date(2026, 12, 25), planned_end=date(2026, 12, 30))
    with pytest.raises(DomainError, match="重叠"):
        posting_extend(
            actor=house.actor("branch_secretary"), posting=posting.pk, planned_end=date(2026, 12, 26), reason="延长"
        )
    posting.refresh_from_db()
    assert posting.planned_end == date(2026, 12, 20)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2026, 9, 30)])
def test_return_lies_between_start_and_today(house: House, day: date):
    posting = PostingFactory(person=house.people["member"])
    with pytest.raises(DomainError) as refused:
        posting_end(actor=house.actor("branch_secretary"), posting=posting.pk, ended_on=day)
    assert refused.value.field == "ended_on"
    posting.refresh_from_db()
    assert posting.ended_on is None


def test_return_is_recorded_once(house: House):
    posting = PostingFactory(person=house.people["member"])
    posting_end(actor=house.actor("branch_secretary"), posting=posting.pk, ended_on=TODAY - timedelta(days=1))
    with pytest.raises(Conflict):
        posting_end(actor=house.actor("branch_secretary"), posting=posting.pk, ended_on=TODAY)


def test_the_person_himself_and_the_other_side_change_nothing(house: House):
    posting = PostingFactory(person=house.people["member"])
    with pytest.raises(NotPermitted):
        posting_end(actor=house.actor("group_leader"), posting=posting.pk, ended_on=TODAY)
    with pytest.raises(NotInScope):
        posting_end(actor=house.actor("branch_secretary_b"), posting=posting.pk, ended_on=TODAY)
    posting.refresh_from_db()
    assert posting.ended_on is None
    assert PostingChange.objects.count() == 0


def test_cancelling_takes_the_attachment_out_and_keeps_the_history(
    house: House, training: Purpose, camp: Site, camp_branch: Any
):
    person = house.people["plain_a"]
    (posting,) = begin(house, training, camp, person, attached_unit=camp_branch)
    posting_cancel(actor=house.actor("branch_secretary"), posting=posting.pk, reason="没有成行")
    assert Posting.objects.count() == 0
    assert attached(person) == []
    assert Presence.objects.get(pk=person.pk).kind == "home"
    change = PostingChange.objects.get(verb="cancelled")
    assert (change.person, change.posting, change.detail["attached_unit"]) == (person, None, "驻训临时党支部")
    assert AuditEntry.objects.filter(action="whereabouts.cancelled", subject_id=person.pk).count() == 1


def test_correcting_moves_the_attachment_along(house: House, training: Purpose, camp: Site, camp_branch: Any):
    person = house.people["plain_a"]
    (posting,) = begin(house, training, camp, person, attached_unit=camp_branch)
    to = Correction(training, camp, date(2026, 11, 10), UNTIL, date(2026, 11, 21), camp_branch, "补记")
    posting_correct(actor=house.actor("branch_secretary"), posting=posting.pk, to=to, reason="日期填错")
    assert attached(person) == [("驻训临时党支部", date(2026, 11, 10), date(2026, 11, 21))]
    again = Correction(training, camp, date(2026, 11, 10), UNTIL, None, None, "补记")
    posting_correct(actor=house.actor("branch_secretary"), posting=posting.pk, to=again, reason="没有挂靠")
    assert attached(person) == []
    person.refresh_from_db()
    assert person.attached_unit is None
    changes = PostingChange.objects.filter(verb="corrected").order_by("pk")
    assert changes[0].detail["since"] == ["2026-11-20", "2026-11-10"]


def test_a_correction_keeps_a_place_out_of_use_but_moves_to_none(house: House, training: Purpose, camp: Site):
    (posting,) = begin(house, training, camp, house.people["plain_a"])
    other = SiteFactory(name="另一停用点位", active=False)
    Site.objects.filter(pk=camp.pk).update(active=False)
    camp.refresh_from_db()
    actor = house.actor("branch_secretary")
    to = Correction(training, other, SINCE, UNTIL, None, None)
    with pytest.raises(DomainError, match="已停用") as refused:
        posting_correct(actor=actor, posting=posting.pk, to=to, reason="填错")
    assert refused.value.field == "site"
    to = Correction(training, camp, date(2026, 11, 19), UNTIL, None, None)
    row = posting_correct(actor=actor, posting=posting.pk, to=to, reason="日期填错")
    assert (row.site, row.since) == (camp, date(2026, 11, 19))


def test_correcting_nothing_or_into_an_overlap_changes_nothing(house: House, training: Purpose, camp: Site):
    person = house.people["plain_a"]
    (posting,) = begin(house, training, camp, person)
    PostingFactory(person=person, since=date(2026, 10, 1), planned_end=None, ended_on=date(2026, 10, 20))
    actor = house.actor("branch_secretary")
    same = Correction(training, camp, SINCE, UNTIL, None, None)
    with pytest.raises(DomainError, match="没有改动"):
        posting_correct(actor=actor, posting=posting.pk, to=same, reason="核对")
    to = Correction(training, camp, date(2026, 10, 10), UNTIL, None, None)
    with pytest.raises(DomainError, match="重叠"):
        posting_correct(actor=actor, posting=posting.pk, to=to, reason="核对")
    posting.refresh_from_db()
    assert posting.since == SINCE
