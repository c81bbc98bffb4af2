import pytest

from liaoyuan.affairs.admission.rules.company import Companion, with_mentors
from liaoyuan.affairs.admission.rules.progress import fold
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.rules.timeline import timeline
from liaoyuan.affairs.admission.tests.texts import NEW, until
from liaoyuan.kernel import clock

FIT = Companion("张三")
GONE = Companion("李四", in_service=False)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Companion("甲"), ""),
        (Companion("甲", in_service=False, here=False), "已离队"),
        (Companion("甲", full_member=False), "已不是正式党员"),
        (Companion("甲", here=False), "不在本支部"),
    ],
)
def test_why_a_mentor_must_be_replaced(one: Companion, said: str) -> None:
    assert one.unfit == said


def test_without_a_fit_mentor_naming_is_to_be_done_again() -> None:
    state = with_mentors(fold(until("propose"), NEW), [GONE, Companion("王五", here=False)], NEW)
    assert state.step == Step.MENTORS
    assert not state.ready(Step.PROPOSE)
    lines = {line.step: line for line in timeline(state, NEW, today=clock.today())}
    assert lines[Step.MENTORS].missing == ("更换培养联系人：李四（已离队）、王五（不在本支部）",)
    assert lines[Step.MENTORS].holder == "党支部"
    # The branch examines him every half-year all the same.
    assert (lines[Step.CULTIVATE].state, lines[Step.CULTIVATE].latest is None) == ("open", False)


def test_one_fit_mentor_is_enough_and_the_other_is_named() -> None:
    state = with_mentors(fold(until("propose"), NEW), [FIT, GONE], NEW)
    assert (state.step, state.has(Step.MENTORS)) == (Step.CULTIVATE, True)
    line = next(one for one in timeline(state, NEW, today=clock.today()) if one.step == Step.CULTIVATE)
    assert line.missing == ("更换培养联系人：李四（已离队）",)


@pytest.mark.parametrize("act", ["mentors", "consent", "approve"])
def test_before_they_are_named_and_after_the_proposal_nobody_is_missing(act: str) -> None:
    before, after = fold(until(act), NEW), with_mentors(fold(until(act), NEW), [GONE], NEW)
    assert (after.done, after.unfit_mentors) == (before.done, ())


def test_mentors_that_are_not_known_are_not_missing() -> None:
    assert with_mentors(fold(until("propose"), NEW), [], NEW).has(Step.MENTORS)
