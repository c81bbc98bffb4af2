"""Paper ballots by two tellers, raised hands, and the secretary's signature."""

import pytest

from liaoyuan.activity.orglife.events import ResolutionSigned
from liaoyuan.activity.orglife.models import PaperTally, Resolution
from liaoyuan.activity.orglife.rules.votes import PaperCount
from liaoyuan.activity.orglife.services import (
    hands_record,
    motion_close,
    paper_tally_record,
    resolution_sign,
)
from liaoyuan.activity.orglife.tests.factories import asked, of, opened, sitting
from liaoyuan.kernel import bus
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted

GOOD = PaperCount(handed_out=8, collected=8, yes=7, no=1, abstain=0)


@pytest.fixture
def paper(house):
    meeting, motion, attending = sitting(house, size=12, there=8, mode="paper")
    opened(house, motion)
    return meeting, motion, attending


def test_two_tellers_count_apart_and_agree(house, paper):
    _meeting, motion, attending = paper
    paper_tally_record(actor=of(attending[1]), motion=motion.pk, teller=attending[1].pk, count=GOOD)
    with pytest.raises(DomainError, match="2 名计票人"):
        motion_close(actor=house.actor("branch_secretary"), motion=motion.pk)
    with pytest.raises(DomainError, match="不一致"):
        paper_tally_record(
            actor=house.actor("branch_secretary"),
            motion=motion.pk,
            teller=attending[2].pk,
            count=PaperCount(8, 8, 6, 2, 0),
        )
    assert PaperTally.objects.count() == 1
    paper_tally_record(actor=house.actor("branch_secretary"), motion=motion.pk, teller=attending[2].pk, count=GOOD)
    with pytest.raises(DomainError, match="已够"):
        paper_tally_record(actor=house.actor("branch_secretary"), motion=motion.pk, teller=attending[3].pk, count=GOOD)
    done = motion_close(actor=house.actor("branch_secretary"), motion=motion.pk)
    assert (done.passed, done.yes, done.no, done.present) == (True, 7, 1, 8)


@pytest.mark.parametrize(
    ("count", "field"),
    [
        (PaperCount(9, 9, 8, 1, 0), "handed_out"),
        (PaperCount(7, 8, 7, 1, 0), "collected"),
        (PaperCount(8, 8, 8, 1, 0), "yes"),
        (PaperCount(8, 8, 9, -1, 0), "no"),
    ],
)
def test_votes_beyond_the_roll_are_refused_with_the_clause(house, paper, count, field):
    _meeting, motion, attending = paper
    with pytest.raises(DomainError) as error:
        paper_tally_record(actor=of(attending[1]), motion=motion.pk, teller=attending[1].pk, count=count)
    assert error.value.field == field
    assert "第20条" in error.value.clause
    assert not PaperTally.objects.exists()


def test_a_teller_has_a_vote_is_there_and_is_not_voted_on(house, paper):
    meeting, motion, attending = paper
    absent = meeting.roll.exclude(presence="present").first().person
    for teller in (absent, motion.person, house.people["member_b"]):
        with pytest.raises(DomainError) as error:
            paper_tally_record(actor=house.actor("branch_secretary"), motion=motion.pk, teller=teller.pk, count=GOOD)
        assert error.value.field == "teller"
    with pytest.raises(NotPermitted):
        paper_tally_record(actor=house.actor("member"), motion=motion.pk, teller=attending[0].pk, count=GOOD)
    with pytest.raises(NotInScope):
        paper_tally_record(
            actor=house.actor("member_b"), motion=motion.pk, teller=house.people["member_b"].pk, count=GOOD
        )
    assert not PaperTally.objects.exists()


def test_paper_counts_belong_to_paper_ballots(house):
    _meeting, motion, attending = sitting(house, size=12, there=8)
    with pytest.raises(Conflict):
        paper_tally_record(actor=of(attending[1]), motion=motion.pk, teller=attending[1].pk, count=GOOD)
    opened(house, motion)
    with pytest.raises(Conflict):
        paper_tally_record(actor=of(attending[1]), motion=motion.pk, teller=attending[1].pk, count=GOOD)
    with pytest.raises(Conflict):
        hands_record(actor=house.actor("branch_secretary"), motion=motion.pk, yes=1, no=0, abstain=0)
    assert not PaperTally.objects.exists()


def test_hands_are_counted_by_the_recorder_and_never_exceed_those_present(house):
    meeting, _motion, _attending = sitting(house, size=6, there=4)
    vote = asked(house, meeting, rule="general", title="修缮活动室", mode="show_of_hands")
    opened(house, vote)
    with pytest.raises(DomainError):
        hands_record(actor=house.actor("branch_secretary"), motion=vote.pk, yes=4, no=1, abstain=0)
    with pytest.raises(NotPermitted):
        hands_record(actor=house.actor("member"), motion=vote.pk, yes=4, no=0, abstain=0)
    with pytest.raises(DomainError, match="还没有录入"):
        motion_close(actor=house.actor("branch_secretary"), motion=vote.pk)
    hands_record(actor=house.actor("branch_secretary"), motion=vote.pk, yes=3, no=1, abstain=0)
    done = motion_close(actor=house.actor("branch_secretary"), motion=vote.pk)
    assert (done.passed, done.yes) == (False, 3)  # more than half of six is four
    assert done.disclosure == ""


class TestSigning:
    """DM-30."""

    PERFORMANCE = "该同志思想上进，工作踏实，在驻训任务中表现突出。"

    @pytest.fixture
    def decided(self, house, paper):
        _meeting, motion, attending = paper
        for teller in attending[1:3]:
            paper_tally_record(actor=of(teller), motion=motion.pk, teller=teller.pk, count=GOOD)
        return motion_close(actor=house.actor("branch_secretary"), motion=motion.pk)

    def test_the_secretary_signs_once_with_the_main_performance(self, house, decided, monkeypatch):
        heard = []
        monkeypatch.setitem(bus._inside, ResolutionSigned, [heard.append])
        secretary = house.actor("branch_secretary")
        with pytest.raises(DomainError) as error:
            resolution_sign(actor=secretary, motion=decided.pk, performance="好")
        assert (error.value.field, "第21条" in error.value.clause) == ("performance", True)
        signed = resolution_sign(actor=secretary, motion=decided.pk, performance=self.PERFORMANCE)
        assert (signed.signed_name, len(signed.digest), signed.adopted) == ("甲指导员", 64, True)
        assert [(event.motion_id, event.adopted) for event in heard] == [(decided.pk, True)]
        with pytest.raises(Conflict):
            resolution_sign(actor=secretary, motion=decided.pk, performance=self.PERFORMANCE + "改")
        assert Resolution.objects.get().performance == self.PERFORMANCE

    def test_nobody_else_signs(self, house, decided):
        for persona, error in (
            ("member", NotPermitted),
            ("group_leader", NotPermitted),
            ("inspector", NotPermitted),
            ("branch_secretary_b", NotInScope),
        ):
            with pytest.raises(error):
                resolution_sign(actor=house.actor(persona), motion=decided.pk, performance=self.PERFORMANCE)
        assert Resolution.objects.get().signed_at is None

    def test_there_is_nothing_to_sign_before_the_count(self, house):
        _meeting, motion, _attending = sitting(house, size=5, there=4)
        with pytest.raises(Conflict):
            resolution_sign(actor=house.actor("branch_secretary"), motion=motion.pk, performance=self.PERFORMANCE)


def test_an_election_is_one_person_a_motion_and_he_does_not_count(house):
    meeting, _motion, attending = sitting(house, size=5, there=4)
    standing = attending[3]
    vote = asked(house, meeting, rule="election", title="补选委员", person=standing, mode="paper")
    opened(house, vote)
    with pytest.raises(DomainError, match="本人不能计票"):
        paper_tally_record(
            actor=house.actor("branch_secretary"), motion=vote.pk, teller=standing.pk, count=PaperCount(4, 4, 3, 1, 0)
        )
    for teller in attending[1:3]:
        paper_tally_record(
            actor=house.actor("branch_secretary"), motion=vote.pk, teller=teller.pk, count=PaperCount(4, 4, 3, 1, 0)
        )
    done = motion_close(actor=house.actor("branch_secretary"), motion=vote.pk)
    assert done.explanation == "应到会有表决权 5 人，实到 4 人，达到五分之四；赞成 3 票，超过实到会半数（需 3 票）"
    assert done.passed
