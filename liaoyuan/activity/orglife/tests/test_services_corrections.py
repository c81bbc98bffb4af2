"""Who came is mended after the meeting, with a reason; never against a vote."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.activity.orglife.models import PresenceCorrection
from liaoyuan.activity.orglife.rules.boxes import YES
from liaoyuan.activity.orglife.services import (
    ballot_cast,
    hands_record,
    meeting_close,
    meeting_open,
    motion_close,
    presence_correct,
    written_opinion_record,
)
from liaoyuan.activity.orglife.tests.factories import asked, called, more_members, of, opened, present, sitting
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current

MINUTES = "一、学习文件；二、讨论；三、小结。"
WHY = "纸质签到表上有其签名"


def told(person) -> list[str]:
    return [row.kind for row in current(Fact.objects.unscoped("test").filter(person=person))]


@pytest.fixture
def over(house):
    """A meeting that is over: five on the roll, the member came, the others did not."""
    meeting = called(house)
    actor = house.actor("branch_secretary")
    meeting_open(actor=actor, meeting=meeting.pk)
    present(house, meeting, [house.people["member"]])
    return meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)


def correct(house, meeting, key="plain_a", presence="present", *, by="branch_secretary", reason=WHY):
    return presence_correct(
        actor=house.actor(by), meeting=meeting.pk, person=house.people[key].pk, presence=presence, reason=reason
    )


def test_a_correction_supersedes_the_facts_and_keeps_the_old_ones(house, over):
    person = house.people["plain_a"]
    assert told(person) == ["orglife.absent"]
    correct(house, over)
    assert told(person) == ["orglife.attended"]
    held = current(Fact.objects.unscoped("test").filter(kind="orglife.general_meeting")).get()
    assert (held.payload["attended"], held.payload["on_roll"], held.reason) == (2, 5, WHY)
    rows = Fact.objects.unscoped("test").filter(person=person).order_by("recorded_at", "pk")
    assert sorted((row.kind, row.void, row.reason) for row in rows) == [
        ("orglife.absent", False, ""),
        ("orglife.absent", True, WHY),
        ("orglife.attended", False, ""),
    ]
    assert over.roll.get(person=person).presence == "present"
    row = PresenceCorrection.objects.get()
    assert (row.before, row.after, row.reason, row.corrected_by) == ("absent", "present", WHY, "甲指导员")
    audit = AuditEntry.objects.get(action="orglife.presence_correct")
    assert (audit.subject_id, audit.reason) == (person.pk, WHY)


def test_a_correction_may_be_corrected_back(house, over):
    correct(house, over)
    correct(house, over, presence="absent", reason="同名，签错了")
    assert told(house.people["plain_a"]) == ["orglife.absent"]
    correct(house, over, presence="leave", reason="当天值班，有假条")
    assert told(house.people["plain_a"]) == ["orglife.excused"]
    held = current(Fact.objects.unscoped("test").filter(kind="orglife.general_meeting")).get()
    assert held.payload["attended"] == 1
    assert PresenceCorrection.objects.count() == 3


def test_another_s_facts_stay_untouched(house, over):
    before = list(Fact.objects.unscoped("test").filter(person=house.people["member"]).values_list("pk", flat=True))
    correct(house, over)
    after = list(Fact.objects.unscoped("test").filter(person=house.people["member"]).values_list("pk", flat=True))
    assert after == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": " "}, DomainError),
        ({"presence": "asleep"}, DomainError),
        ({"presence": "absent"}, DomainError),
        ({"key": "plain_b"}, NotInScope),
        ({"by": "branch_secretary_b"}, NotInScope),
        ({"by": "member"}, NotPermitted),
        ({"by": "group_leader"}, NotPermitted),
    ],
)
def test_a_bad_correction_is_refused_and_changes_nothing(house, over, changes, refusal):
    facts = Fact.objects.unscoped("test").count()
    with pytest.raises(refusal):
        correct(house, over, **changes)
    assert Fact.objects.unscoped("test").count() == facts
    assert not PresenceCorrection.objects.exists()
    assert over.roll.filter(presence="present").count() == 1


def test_a_meeting_that_is_not_over_is_marked_and_not_corrected(house):
    meeting = called(house)
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    with pytest.raises(Conflict):
        correct(house, meeting)
    assert not PresenceCorrection.objects.exists()


def test_who_voted_was_there(house):
    meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    for person in attending:
        ballot_cast(actor=of(person), motion=motion.pk, choice=YES)
    actor = house.actor("branch_secretary")
    motion_close(actor=actor, motion=motion.pk)
    meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    with pytest.raises(DomainError, match="投过票"):
        presence_correct(actor=actor, meeting=meeting.pk, person=attending[1].pk, presence="absent", reason=WHY)
    assert meeting.roll.filter(presence="present").count() == 4


def test_whose_written_opinion_counted_was_not_there(house):
    meeting = called(house)
    more_members(house, 2)
    motion = asked(house, meeting, mode="paper")
    absent = house.people["plain_a"]
    actor = house.actor("branch_secretary")
    written_opinion_record(actor=actor, motion=motion.pk, person=absent.pk, choice=YES)
    meeting_open(actor=actor, meeting=meeting.pk)
    present(house, meeting, [entry.person for entry in meeting.roll.exclude(person=absent)])
    opened(house, motion)
    type(motion).objects.filter(pk=motion.pk).update(state="decided", passed=True)
    meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    with pytest.raises(DomainError, match="会前书面意见") as error:
        presence_correct(actor=actor, meeting=meeting.pk, person=absent.pk, presence="present", reason=WHY)
    assert error.value.clause.startswith("《")


def test_a_correction_does_not_take_a_quorum_or_a_voter_away(house):
    meeting, motion, attending = sitting(house, size=6, there=4, rule="general", mode="show_of_hands")
    opened(house, motion)
    actor = house.actor("branch_secretary")
    hands_record(actor=actor, motion=motion.pk, yes=3, no=0, abstain=0)
    motion_close(actor=actor, motion=motion.pk, missing_ok=True)
    meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    # Four came and three raised a hand: one may turn out to have stayed away, a second not.
    presence_correct(actor=actor, meeting=meeting.pk, person=attending[1].pk, presence="absent", reason=WHY)
    with pytest.raises(DomainError, match="表决就不成立了") as error:
        presence_correct(actor=actor, meeting=meeting.pk, person=attending[2].pk, presence="absent", reason=WHY)
    assert error.value.field == "presence"
    assert meeting.roll.filter(presence="present").count() == 3


def test_the_page_corrects_shows_and_prints(house, over):
    secretary = house.login(Client(), "branch_secretary")
    page = reverse("orglife:meeting", args=[over.pk])
    url = reverse("orglife:correct", args=[over.pk])
    assert url in secretary.get(page).content.decode()
    bad = secretary.post(url, {"person": house.people["plain_a"].pk, "presence": "present", "reason": ""})
    assert bad.status_code == 422
    assert not PresenceCorrection.objects.exists()
    done = secretary.post(url, {"person": house.people["plain_a"].pk, "presence": "present", "reason": WHY})
    assert done.url == page
    for shown in (page, reverse("orglife:minutes", args=[over.pk])):
        text = secretary.get(shown).content.decode()
        assert "未到 → 到会" in text
        assert WHY in text
    member = house.login(Client(), "member")
    assert url not in member.get(page).content.decode()
    assert member.get(url).status_code == 403
    assert house.login(Client(), "branch_secretary_b").get(url).status_code == 404
