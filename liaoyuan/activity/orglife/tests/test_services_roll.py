"""The roll follows standing, membership, posts, rights and leave on the day."""

from datetime import date, timedelta

import pytest

from liaoyuan.activity.orglife import registry
from liaoyuan.activity.orglife.models import RollEntry
from liaoyuan.activity.orglife.selectors import Voters, voters_on
from liaoyuan.activity.orglife.services import (
    meeting_open,
    presence_mark,
    presence_mark_many,
    roll_exclude,
    roll_include,
)
from liaoyuan.activity.orglife.tests.factories import NOW, SOON, asked, called, of, opened, present, sitting
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle.services import NewFact, fact_record
from liaoyuan.organisation.members.models import Membership, Standing, Tenure
from liaoyuan.organisation.members.tests.factories import PersonFactory, UnitFactory, load_post
from liaoyuan.organisation.units.models import UnitKind
from liaoyuan.organisation.whereabouts.models import Posting, Purpose


def roll(meeting) -> dict[str, bool]:
    return dict(meeting.roll.values_list("person__name", "entitled"))


def test_the_roll_is_the_branchs_members_and_full_members_vote(house):
    PersonFactory(unit=house.branch_a, name="新预备", standing="probationary")
    PersonFactory(unit=house.branch_a, name="新对象", standing="candidate")
    found = roll(called(house))
    assert found == {
        "甲教导员": True, "甲指导员": True, "甲班长": True, "甲战士": True, "甲无账号": True, "新预备": False,
    }  # fmt: skip
    entry = RollEntry.objects.get(person__name="新预备")
    assert entry.why_not == "预备党员没有表决权"
    assert entry.clause == "《中国共产党基层组织选举工作条例》第5条"


def test_who_is_attached_takes_part_and_votes_at_home(house):
    guest = PersonFactory(unit=house.branch_b, attached_unit=house.branch_a, name="挂靠来")
    Membership.objects.filter(person=guest, kind="attached").update(since=date(2026, 1, 1))
    assert roll(called(house))["挂靠来"] is False
    home = called(house, by="organisation_clerk", unit=house.branch_b)
    assert roll(home)["挂靠来"] is True


def test_in_a_temporary_branch_the_attached_vote_on_what_it_may_decide(house):
    camp = UnitFactory(
        code="L-T1",
        name="驻训临时党支部",
        kind=UnitKind.TEMPORARY_BRANCH,
        parent=house.battalion_a,
        approved_by=house.root,
    )
    guest = PersonFactory(unit=house.branch_a, attached_unit=camp, name="驻训党员")
    Membership.objects.filter(person=guest, kind="attached").update(since=date(2026, 1, 1))
    meeting = called(house, by="battalion_secretary", unit=camp)
    assert roll(meeting) == {"驻训党员": True}
    with pytest.raises(DomainError) as error:
        asked(house, meeting, by="battalion_secretary")
    assert error.value.field == "override_basis"
    assert "第22条" in error.value.clause
    assert not meeting.motions.exists()
    motion = asked(house, meeting, by="battalion_secretary", override_basis="军委火线入党规定")
    assert motion.override_basis == "军委火线入党规定"


def test_a_group_meets_by_group_and_a_committee_by_its_posts(house):
    other = PersonFactory(unit=house.branch_a, name="没有小组的")
    group = called(house, by="group_leader", unit=house.group_a, kind="group_meeting")
    assert set(roll(group)) == {"甲班长", "甲战士", "甲无账号"}
    Tenure.objects.create(
        person=other, unit=house.branch_a, post=load_post("organisation_officer"), since=date(2026, 1, 1)
    )
    Tenure.objects.create(
        person=house.people["member"],
        unit=house.branch_a,
        post=load_post("publicity_officer"),
        since=date(2026, 1, 1),
        until=date(2026, 11, 21),
    )
    committee = called(house, kind="committee_meeting")
    assert roll(committee) == {"甲指导员": True, "没有小组的": True}


def test_a_meeting_of_the_past_has_the_roll_of_that_day(house):
    gone = PersonFactory(unit=house.branch_a, name="后来走的")
    Membership.objects.filter(person=gone).update(until=date(2026, 10, 1))
    later = PersonFactory(unit=house.branch_a, name="后来转正")
    Standing.objects.filter(person=later).update(since=date(2026, 9, 1))
    Standing.objects.create(person=later, kind="probationary", since=date(2025, 9, 1), until=date(2026, 9, 1))
    past = called(house, planned_at=NOW - timedelta(days=100))
    assert past.backfilled
    assert roll(past)["后来走的"] is True
    assert roll(past)["后来转正"] is False
    now = called(house)
    assert "后来走的" not in roll(now)
    assert roll(now)["后来转正"] is True


def test_a_branch_has_its_number_of_voters_on_any_day_without_a_meeting(house):
    """Full members of the branch; since when the platform keeps its records decides whether the number is certain."""
    branch = house.branch_a
    PersonFactory(unit=branch, name="新预备", standing="probationary")
    guest = PersonFactory(unit=house.branch_b, attached_unit=branch, name="挂靠来")
    Membership.objects.filter(person=guest, kind="attached").update(since=date(2026, 1, 1))
    gone = PersonFactory(unit=branch, name="后来走的")
    Membership.objects.filter(person=gone).update(until=date(2026, 10, 1))
    Membership.objects.filter(unit=branch).update(recorded_at=NOW)
    day = clock.local(NOW).date()
    assert voters_on(branch, day) == Voters(5, certain=True)
    assert voters_on(branch, day - timedelta(days=1)) == Voters(5, certain=False)
    assert voters_on(branch, date(2026, 9, 30)).entitled == 6
    assert voters_on(branch, date(2026, 10, 1)).entitled == 5
    nowhere = UnitFactory(code="L-A-Z9", name="新设党支部", parent=house.battalion_a)
    assert voters_on(nowhere, day) == Voters(0, certain=False)


def test_who_is_posted_away_is_on_leave_and_stays_entitled(house):
    away = house.people["plain_a"]
    purpose = Purpose.objects.get_or_create(name="驻训")[0]
    Posting.objects.create(person=away, purpose=purpose, site=house.branch_a.site, since=date(2026, 11, 1))
    entry = called(house).roll.get(person=away)
    assert (entry.presence, entry.note, entry.entitled) == ("leave", "外出：驻训", True)
    online = called(house, online=True).roll.get(person=away)
    assert online.presence == "absent"


def decided(house, kind, on, **payload):
    """A penalty, or what ends one, as the chronicle has it of the member."""
    member = house.people["member"]
    fact = NewFact(kind, house.branch_a, date.fromisoformat(on), ("test", kind), person=member, payload=payload)
    fact_record(actor=house.actor("organisation_clerk"), fact=fact)


def test_who_is_under_probation_has_no_vote_until_his_rights_are_given_back(house):
    def entitled(day: int) -> bool:
        return bool(called(house, planned_at=NOW.replace(month=10, day=day)).roll.get(person=member).entitled)

    member = house.people["member"]
    decided(house, "discipline.probation", "2026-10-10", until="2026-10-20")
    assert [entitled(9), entitled(10), entitled(20), entitled(21)] == [True, False, False, False]  # not by time alone
    entry = called(house).roll.get(person=member)
    assert (entry.why_not, entry.clause) == (
        "党员权利没有恢复，情况见个人档案", "《中国共产党基层组织选举工作条例》第5条",
    )  # fmt: skip
    assert voters_on(house.branch_a, date(2026, 10, 9)).entitled == 5
    assert voters_on(house.branch_a, date(2026, 10, 10)).entitled == 4
    decided(house, "discipline.probation_decided", "2026-10-25", result="恢复党员权利")
    assert [entitled(24), entitled(25)] == [False, True]


def test_a_vote_lost_before_the_opening_is_lost_at_the_meeting(house):
    meeting = called(house)
    assert meeting.roll.filter(entitled=True).count() == 5
    decided(house, "discipline.probation", NOW.date().isoformat(), until="2027-11-22")
    with clock.set_to(SOON):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    assert not meeting.roll.get(person=house.people["member"]).entitled
    assert meeting.roll.filter(entitled=True).count() == 4


@pytest.mark.parametrize("kind", ["discipline.warning", "discipline.serious_warning", "discipline.removal"])
def test_lesser_penalties_take_no_vote(house, kind):
    decided(house, kind, "2026-10-10")
    assert called(house).roll.get(person=house.people["member"]).entitled


def test_lost_rights_come_from_whoever_knows_of_them(house, monkeypatch):
    monkeypatch.setattr(registry, "_sources", {})
    member = house.people["member"]
    registry.add_rights_source("test", lambda people, on: {member.pk: ("留党察看期间没有表决权", "MT-17")})
    entry = called(house).roll.get(person=member)
    assert (entry.entitled, entry.why_not) == (False, "留党察看期间没有表决权")


def test_a_named_person_takes_a_vote_with_reason_and_clause_and_may_give_it_back(house):
    meeting = called(house)
    member = house.people["member"]
    actor = house.actor("branch_secretary")
    values = {"actor": actor, "meeting": meeting.pk, "person": member.pk}
    with pytest.raises(DomainError) as error:
        roll_exclude(**values, fact="MT-18", reason="长期卧床")
    assert error.value.field == "consent"
    for bad in ({"fact": "MT-99", "reason": "不知道"}, {"fact": "MT-17", "reason": " . "}):
        with pytest.raises(DomainError):
            roll_exclude(**values, **bad)
    assert meeting.roll.get(person=member).entitled
    entry = roll_exclude(**values, fact="MT-18", reason="长期卧床", consent="甲营党委2026年10月8日")
    assert (entry.entitled, entry.excluded_by) == (False, "甲指导员")
    assert entry.why_not == "长期卧床（甲营党委2026年10月8日同意）"
    meeting_open(actor=actor, meeting=meeting.pk)
    assert not meeting.roll.get(person=member).entitled  # a new computation keeps it
    assert roll_include(**values, reason="已经康复").entitled
    assert AuditEntry.objects.filter(action="orglife.roll_exclude", subject_id=member.pk).count() == 1


def test_only_the_chair_takes_a_vote_away(house):
    meeting = called(house)
    for persona in ("member", "group_leader"):
        with pytest.raises(NotPermitted):
            roll_exclude(
                actor=house.actor(persona), meeting=meeting.pk, person=house.people["plain_a"].pk, fact="MT-17",
                reason="不对的",
            )  # fmt: skip
    with pytest.raises(NotInScope):
        roll_exclude(
            actor=house.actor("branch_secretary_b"), meeting=meeting.pk, person=house.people["plain_a"].pk,
            fact="MT-17", reason="不对的",
        )  # fmt: skip
    assert meeting.roll.filter(entitled=False).count() == 0


def test_everybody_signs_in_himself_and_the_recorder_anybody(house):
    meeting = called(house)
    member = house.people["member"]
    with pytest.raises(Conflict):
        presence_mark(actor=house.actor("member"), meeting=meeting.pk, person=member.pk, presence="present")
    leave = presence_mark(
        actor=house.actor("member"), meeting=meeting.pk, person=member.pk, presence="leave", note="公差"
    )
    assert (leave.presence, leave.marked_by) == ("leave", "甲战士")
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    assert meeting.roll.get(person=member).presence == "leave"  # marked by a person: a new computation keeps it
    presence_mark(actor=house.actor("member"), meeting=meeting.pk, person=member.pk, presence="present")
    with pytest.raises(NotPermitted):
        presence_mark(
            actor=house.actor("member"), meeting=meeting.pk, person=house.people["plain_a"].pk, presence="present"
        )
    with pytest.raises(NotInScope):
        presence_mark(
            actor=house.actor("branch_secretary"), meeting=meeting.pk, person=house.people["member_b"].pk,
            presence="present",
        )  # fmt: skip
    with pytest.raises(DomainError):
        presence_mark(actor=house.actor("branch_secretary"), meeting=meeting.pk, person=member.pk, presence="asleep")
    assert meeting.roll.filter(presence="present").count() == 1


def test_marking_many_counts_what_changed(house):
    meeting = called(house)
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    people = [house.people["member"], house.people["plain_a"]]
    presences = {one.pk: "present" for one in people}
    actor = house.actor("branch_secretary")
    assert presence_mark_many(actor=actor, meeting=meeting.pk, presences=presences) == 2
    assert presence_mark_many(actor=actor, meeting=meeting.pk, presences=presences) == 0


def test_the_roll_stands_still_while_a_ballot_is_open(house):
    meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    with pytest.raises(Conflict):
        presence_mark(actor=of(attending[0]), meeting=meeting.pk, person=attending[0].pk, presence="absent")
    with pytest.raises(Conflict):
        roll_exclude(
            actor=house.actor("branch_secretary"), meeting=meeting.pk, person=attending[1].pk, fact="MT-17",
            reason="被留置",
        )  # fmt: skip
    assert meeting.roll.filter(presence="present").count() == 4


def test_the_roll_is_drawn_up_in_constant_queries(house, django_assert_max_num_queries):
    for _number in range(10):
        PersonFactory(unit=house.branch_a)
    meeting = called(house, planned_at=SOON)
    present_now = meeting.roll.count()
    assert present_now == 15
    with django_assert_max_num_queries(30):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    present(house, meeting, [house.people["member"]])
