"""Quorum and majority: exact boundaries, and what must hold for any numbers."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.activity.orglife.rules import meetings
from liaoyuan.activity.orglife.rules.boxes import ABSTAIN, CHOICES, NO, YES, Box, tally_of
from liaoyuan.activity.orglife.rules.decisions import RULES, missing_agenda, strict
from liaoyuan.activity.orglife.rules.votes import (
    PaperCount,
    Tally,
    Threshold,
    disclosure,
    majority,
    paper_problem,
    quorum,
)

MORE_THAN_HALF = Threshold(Fraction(1, 2), strict=True)
AT_LEAST_HALF = Threshold(Fraction(1, 2), strict=False)
FOUR_FIFTHS = Threshold(Fraction(4, 5), strict=False)
people = st.integers(min_value=0, max_value=5000)


@pytest.mark.parametrize(
    ("entitled", "more_than_half", "at_least_half", "four_fifths"),
    [(1, 1, 1, 1), (2, 2, 1, 2), (3, 2, 2, 3), (10, 6, 5, 8), (11, 6, 6, 9), (12, 7, 6, 10), (50, 26, 25, 40)],
)
def test_the_least_number_of_each_rule(entitled, more_than_half, at_least_half, four_fifths):
    assert MORE_THAN_HALF.needed(entitled) == more_than_half
    assert AT_LEAST_HALF.needed(entitled) == at_least_half
    assert FOUR_FIFTHS.needed(entitled) == four_fifths


def test_admission_needs_more_than_half_where_a_general_vote_needs_half():
    """DM-24 and MT-10 differ at an even number exactly."""
    assert not quorum(MORE_THAN_HALF, entitled=12, present=6).met
    assert quorum(AT_LEAST_HALF, entitled=12, present=6).met
    assert quorum(MORE_THAN_HALF, entitled=11, present=6).met
    assert not quorum(AT_LEAST_HALF, entitled=11, present=5).met


def test_the_explanation_says_all_numbers():
    enough = quorum(MORE_THAN_HALF, entitled=12, present=8)
    result = majority(MORE_THAN_HALF, quorum=enough, cast=Tally(6, 1, 1), written=Tally(1))
    assert result.passed
    assert result.explanation == (
        "应到会有表决权 12 人，实到 8 人，超过半数；赞成 7 票（含会前书面意见 1 票），超过应到会半数（需 7 票）"
    )


def test_yes_of_half_is_not_more_than_half():
    enough = quorum(MORE_THAN_HALF, entitled=12, present=8)
    result = majority(MORE_THAN_HALF, quorum=enough, cast=Tally(6, 2))
    assert not result.passed
    assert result.explanation == "应到会有表决权 12 人，实到 8 人，超过半数；赞成 6 票，未超过应到会半数（需 7 票）"


def test_a_written_opinion_counts_as_a_vote_and_not_as_attendance():
    """DM-28: seven of twelve present are enough, six and a letter are not."""
    assert quorum(MORE_THAN_HALF, entitled=12, present=7).met
    missed = quorum(MORE_THAN_HALF, entitled=12, present=6)
    assert not majority(MORE_THAN_HALF, quorum=missed, cast=Tally(6), written=Tally(6)).passed


def test_an_election_counts_those_present():
    """MT-14, MT-15: of 10 entitled 8 must come; of 8 present 5 elect."""
    enough = quorum(FOUR_FIFTHS, entitled=10, present=8)
    assert enough.met
    assert not quorum(FOUR_FIFTHS, entitled=10, present=7).met
    elected = majority(MORE_THAN_HALF, quorum=enough, cast=Tally(5, 3), of_present=True)
    assert elected.passed
    assert elected.explanation.endswith("赞成 5 票，超过实到会半数（需 5 票）")
    assert not majority(MORE_THAN_HALF, quorum=enough, cast=Tally(4, 4), of_present=True).passed
    assert not majority(MORE_THAN_HALF, quorum=enough, cast=Tally(5, 3)).passed


def test_nobody_decides_nothing():
    assert not quorum(AT_LEAST_HALF, entitled=0, present=0).met


@pytest.mark.parametrize(
    ("entitled", "present", "cast", "written"),
    [
        (12, 8, Tally(9), Tally()),
        (12, 8, Tally(4, 3, 2), Tally()),
        (12, 8, Tally(8), Tally(5)),
        (12, 12, Tally(12), Tally(0, 1)),
        (12, 8, Tally(-1), Tally()),
        (12, 8, Tally(3), Tally(-1)),
    ],
)
def test_more_votes_than_people_are_no_count(entitled, present, cast, written):
    with pytest.raises(ValueError, match=r"票|书面"):
        majority(
            MORE_THAN_HALF,
            quorum=quorum(MORE_THAN_HALF, entitled=entitled, present=present),
            cast=cast,
            written=written,
        )


@pytest.mark.parametrize(("entitled", "present"), [(5, 6), (5, -1)])
def test_more_people_than_entitled_are_no_quorum(entitled, present):
    with pytest.raises(ValueError, match=r"实到"):
        quorum(MORE_THAN_HALF, entitled=entitled, present=present)


@given(people, people, st.sampled_from([MORE_THAN_HALF, AT_LEAST_HALF, FOUR_FIFTHS]))
def test_needed_is_the_first_number_that_meets(base, number, threshold):
    exact = threshold.ratio * base
    meets = base > 0 and number > 0 and (number > exact if threshold.strict else number >= exact)
    assert threshold.met(number, base) == meets
    if base:
        assert threshold.met(threshold.needed(base), base)
        assert not threshold.met(threshold.needed(base) - 1, base)


@given(people, st.data())
def test_a_passed_motion_passes_with_one_more_yes_and_yes_and_no_never_both_pass(entitled, data):
    present = data.draw(st.integers(0, entitled))
    yes = data.draw(st.integers(0, present))
    no = data.draw(st.integers(0, present - yes))
    found = quorum(MORE_THAN_HALF, entitled=entitled, present=present)
    result = majority(MORE_THAN_HALF, quorum=found, cast=Tally(yes, no))
    other = majority(MORE_THAN_HALF, quorum=found, cast=Tally(no, yes))
    assert not (result.passed and other.passed)
    if result.passed:
        assert found.met
        assert 2 * yes > entitled
        if yes + no < present:
            assert majority(MORE_THAN_HALF, quorum=found, cast=Tally(yes + 1, no)).passed


@given(people, st.data())
def test_where_the_vote_is_given_does_not_matter_to_the_majority(entitled, data):
    present = data.draw(st.integers(0, entitled))
    found = quorum(AT_LEAST_HALF, entitled=entitled, present=present)
    yes = data.draw(st.integers(0, present))
    written = data.draw(st.integers(0, entitled - present))
    result = majority(MORE_THAN_HALF, quorum=found, cast=Tally(yes), written=Tally(written))
    assert result.yes == yes + written
    assert result.passed == (found.met and 2 * (yes + written) > entitled)


@pytest.mark.parametrize(
    ("count", "field"),
    [
        (PaperCount(8, 8, 7, 1, 0), ""),
        (PaperCount(8, 7, 5, 1, 0, 1), ""),
        (PaperCount(0, 0, 0, 0, 0), ""),
        (PaperCount(9, 8, 7, 1, 0), "handed_out"),
        (PaperCount(7, 8, 7, 1, 0), "collected"),
        (PaperCount(8, 8, 7, 2, 0), "yes"),
        (PaperCount(8, 8, 7, 0, 0), "yes"),
        (PaperCount(8, 8, 9, -1, 0), "no"),
    ],
)
def test_marks_are_what_was_taken_back_of_what_was_handed_out(count, field):
    assert paper_problem(count, present=8)[0] == field


@given(st.lists(st.sampled_from([YES, NO, ABSTAIN]), max_size=200))
def test_a_box_counts_and_its_length_tells_nothing(choices):
    box = Box("a" * 32)
    length = len(box.pack())
    for choice in choices:
        box = Box.unpack(box.with_vote(choice).pack(), motion="a" * 32)
        assert len(box.pack()) == length
    assert box.tally == Tally(choices.count(YES), choices.count(NO), choices.count(ABSTAIN)) == tally_of(choices)


def test_the_order_of_votes_leaves_no_trace_in_the_box():
    first = Box("a" * 32).with_vote(YES).with_vote(NO)
    assert first.pack() == Box("a" * 32).with_vote(NO).with_vote(YES).pack()
    assert {len(choice) for choice in CHOICES} == {1}


@pytest.mark.parametrize(
    "text", ["", "b" * 32 + "|000001|000000|000000", "a" * 32 + "|1|0|0", "a" * 32 + "|00000x|000000|000000"]
)
def test_what_is_not_this_motions_box_is_refused(text):
    with pytest.raises(ValueError, match="票箱"):
        Box.unpack(text, motion="a" * 32)
    with pytest.raises(ValueError, match="选项"):
        Box("a" * 32).with_vote("yes")


@pytest.mark.parametrize(
    ("cast", "told"),
    [
        (Tally(), False),
        (Tally(8), True),
        (Tally(0, 8), True),
        (Tally(1, 1), True),
        (Tally(7, 1), True),
        (Tally(6, 2), False),
        (Tally(6, 1, 1), False),
    ],
)
def test_numbers_that_tell_single_votes_say_so(cast, told):
    assert bool(disclosure(cast)) == told


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"standing": "full", "attached": False, "temporary_branch": False}, (True, "")),
        ({"standing": "probationary", "attached": False, "temporary_branch": False}, (False, "MT-17")),
        ({"standing": "full", "attached": True, "temporary_branch": False}, (False, "TB-09")),
        ({"standing": "full", "attached": True, "temporary_branch": True}, (True, "")),
        (
            {"standing": "full", "attached": False, "temporary_branch": False, "loss": ("留党察看", "MT-17")},
            (False, "MT-17"),
        ),
    ],
)
def test_who_has_a_vote(values, expected):
    found = meetings.entitlement(**values)
    assert (found.entitled, found.fact) == expected


def test_every_rule_names_a_share_and_a_meeting_that_exists():
    for rule in RULES.values():
        assert rule.quorum.endswith(("more_than", "at_least"))
        assert rule.majority.endswith(("more_than", "at_least"))
        assert rule.meetings <= set(meetings.KINDS)
    assert strict(RULES["admission"].quorum)
    assert not strict(RULES["general"].quorum)


def test_admission_asks_for_four_items_before_the_vote():
    assert len(missing_agenda(RULES["admission"], frozenset())) == 4
    assert missing_agenda(RULES["admission"], frozenset(RULES["admission"].agenda)) == ()
    assert missing_agenda(RULES["general"], frozenset()) == ()
