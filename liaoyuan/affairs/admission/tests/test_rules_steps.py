import pytest

from liaoyuan.affairs.admission.rules.acts import ACTS, Act, Level, acts_of, detail_problem
from liaoyuan.affairs.admission.rules.limits import limits_from, parameter_names
from liaoyuan.affairs.admission.rules.steps import HOLDERS, STAGES, STEPS, Stage, Step, before, step_name
from liaoyuan.affairs.admission.tests.texts import AFTER, BEFORE, DOCUMENTS, NEW, OLD, text_on


def test_there_are_25_steps_in_5_stages_in_order() -> None:
    assert [int(step) for step in STEPS] == list(range(1, 26))
    assert list(STAGES) == list(Stage)
    counts = [sum(info.stage == stage for info in STEPS.values()) for stage in Stage]
    assert counts == [2, 4, 5, 7, 7]
    stages = [list(Stage).index(info.stage) for info in STEPS.values()]
    assert stages == sorted(stages)


@pytest.mark.parametrize("step", list(Step))
def test_a_step_needs_earlier_steps_only_and_leads_back_to_the_application(step: Step) -> None:
    assert all(one < step for one in STEPS[step].needs)
    assert step == Step.APPLY or Step.APPLY in before(step)
    assert STEPS[step].holder in HOLDERS
    assert STEPS[step].record


def test_every_step_that_decides_something_builds_on_all_before_it() -> None:
    assert before(Step.COMMITTEE_CHECK) >= {Step.INTRODUCERS, Step.POLITICAL_REVIEW, Step.TRAINING, Step.CONSENT}
    assert Step.TALK in before(Step.APPROVE)
    assert Step.OATH in before(Step.ARCHIVE)


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_an_act(step: Step) -> None:
    assert acts_of(step)


def test_the_text_of_2014_calls_step_8_filing() -> None:
    assert step_name(Step.CONSENT, needs_consent=OLD.needs_consent) == "上级党委备案"
    assert step_name(Step.CONSENT, needs_consent=NEW.needs_consent) == "上级党委同意并公示"
    assert step_name(Step.TALK, needs_consent=False) == "党组织派人谈话"


def test_every_fact_of_a_step_is_in_both_texts() -> None:
    for limits in (OLD, NEW):
        known = set(limits.clauses)
        cited = {fact for info in STEPS.values() for fact in info.facts}
        lacking = {"DM-16", "DM-13", "DM-38", "DM-23"} if limits is OLD else set()
        assert cited - known <= lacking


def test_the_differences_of_the_two_texts() -> None:
    assert (OLD.needs_consent, NEW.needs_consent) == (False, True)
    assert (OLD.posting_days, NEW.posting_days) == (None, 5)
    assert (OLD.meeting_within, str(NEW.meeting_within)) == (None, "1个月")
    assert (OLD.oath_within, str(NEW.oath_within)) == (None, "1个月")
    assert (OLD.penalty_warns, NEW.penalty_warns) == (False, True)
    same = set(parameter_names()) - {"needs_consent", "posting_days", "meeting_within", "oath_within", "penalty_warns"}
    for name in same:
        assert getattr(OLD, name) == getattr(NEW, name), name


def test_a_number_that_every_text_must_set_is_asked_for() -> None:
    document = next(one for one in DOCUMENTS if one.family == "admission")
    with pytest.raises(KeyError):
        limits_from(document, {})


def test_clauses_are_named_by_each_texts_own_numbers() -> None:
    assert NEW.clause("DM-36") == "《中国共产党发展党员工作细则（2026年）》第25条"
    assert OLD.clause("DM-36") == "《中国共产党发展党员工作细则（2014年）》第26条"
    assert NEW.clause("no such row") == ""
    assert text_on(AFTER).id == "admission-2026"
    assert text_on(BEFORE).id == "admission-2014"


@pytest.mark.parametrize(
    ("act", "detail", "wrong"),
    [
        ("talk", {"who": "甲", "mode": "phone"}, ""),
        ("talk", {"who": "甲"}, "“记录谈话”缺少 mode"),
        ("talk", {"who": "甲", "mode": "phone", "else": 1}, "“记录谈话”没有 else 这一项"),
        ("training", {"days": "3"}, "“登记短期集中培训”的 days 应为 int"),
        ("training", {"days": True}, "“登记短期集中培训”的 days 应为 int"),
        ("meeting", {}, "“登记支部大会表决结果”缺少 passed"),
    ],
)
def test_a_detail_is_typed(act: str, detail: dict, wrong: str) -> None:
    assert detail_problem(Act(act), detail) == wrong


def test_approving_is_the_approvers_alone() -> None:
    of_approver = {act for act, info in ACTS.items() if info.level == Level.APPROVER}
    assert {Act.PRE_REVIEW, Act.APPROVE, Act.CONVERSION_APPROVE, Act.APPROVAL_TALK} <= of_approver
    assert ACTS[Act.CONSENT].level == Level.SUPERIOR
    assert all(info.required <= set(info.schema) for info in ACTS.values())
