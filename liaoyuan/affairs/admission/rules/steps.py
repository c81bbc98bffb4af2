"""The 25 steps of admission in 5 stages (发展党员工作流程), as a typed table.

Names and order follow the Organisation Department's chart; what a step needs, the regulation. Article numbers differ
between the texts of 2014 and 2026, so a step cites rows of the rules table (``DM-03``), which each text maps to its
own clause. Where the texts differ in kind, ``rules.limits.Limits`` says so; no number stands here.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Stage(StrEnum):
    """The five stages."""

    APPLICATION = "application"
    ACTIVIST = "activist"
    CANDIDATE = "candidate"
    ACCEPTANCE = "acceptance"
    PROBATION = "probation"


STAGES = MappingProxyType(
    {
        Stage.APPLICATION: "申请入党",
        Stage.ACTIVIST: "入党积极分子",
        Stage.CANDIDATE: "发展对象",
        Stage.ACCEPTANCE: "预备党员的接收",
        Stage.PROBATION: "教育考察和转正",
    }
)


class Holder(StrEnum):
    """Who has to act."""

    PERSON = "person"
    BRANCH = "branch"
    COMMITTEE = "committee"
    MENTORS = "mentors"
    MEETING = "meeting"
    SUPERIOR = "superior"
    APPROVER = "approver"


HOLDERS = MappingProxyType(
    {
        Holder.PERSON: "本人",
        Holder.BRANCH: "党支部",
        Holder.COMMITTEE: "支部委员会（不设委员会的，支部党员大会）",
        Holder.MENTORS: "党支部和培养联系人",
        Holder.MEETING: "支部党员大会",
        Holder.SUPERIOR: "上级党委",
        Holder.APPROVER: "有审批权的党委",
    }
)


class Step(IntEnum):
    """The steps by their number on the chart."""

    APPLY = 1
    TALK = 2
    ACTIVIST = 3
    FILE_ACTIVIST = 4
    MENTORS = 5
    CULTIVATE = 6
    PROPOSE = 7
    CONSENT = 8
    INTRODUCERS = 9
    POLITICAL_REVIEW = 10
    TRAINING = 11
    COMMITTEE_CHECK = 12
    PRE_REVIEW = 13
    FORM = 14
    MEETING = 15
    APPROVAL_TALK = 16
    APPROVE = 17
    FILE_MEMBER = 18
    PLACE = 19
    OATH = 20
    CARE = 21
    CONVERSION_APPLY = 22
    CONVERSION_MEETING = 23
    CONVERSION_APPROVE = 24
    ARCHIVE = 25


@dataclass(frozen=True, slots=True)
class StepInfo:
    """One row of the chart. ``needs``: steps that must be done before; ``facts``: rows of the rules table."""

    step: Step
    stage: Stage
    name: str
    holder: Holder
    record: str
    facts: tuple[str, ...]
    needs: tuple[Step, ...]


_A, _B, _C, _D, _E = Stage
_ROWS = (
    (Step.APPLY, _A, "递交入党申请书", Holder.PERSON, "入党申请书", ("DM-01", "DM-02"), ()),
    (Step.TALK, _A, "党组织派人谈话", Holder.BRANCH, "谈话记录", ("DM-03",), (1,)),
    (Step.ACTIVIST, _B, "推荐和确定入党积极分子", Holder.COMMITTEE, "推荐（推优）材料、会议记录", ("DM-04",), (2,)),
    (Step.FILE_ACTIVIST, _B, "上级党委备案", Holder.SUPERIOR, "备案表", ("DM-04",), (3,)),
    (Step.MENTORS, _B, "指定培养联系人", Holder.BRANCH, "培养考察登记表", ("DM-06",), (3,)),
    (Step.CULTIVATE, _B, "培养教育考察", Holder.MENTORS, "培养考察登记表（每半年）", ("DM-07", "DM-11"), (5,)),
    (Step.PROPOSE, _C, "确定拟列发展对象", Holder.COMMITTEE, "征求意见记录、支委会记录", ("DM-11", "DM-12"), (4, 5)),
    (Step.CONSENT, _C, "上级党委同意并公示", Holder.SUPERIOR, "批复、公示材料", ("DM-12", "DM-13"), (7,)),
    (Step.INTRODUCERS, _C, "确定入党介绍人", Holder.BRANCH, "介绍人登记", ("DM-15", "DM-16", "DM-17"), (8,)),
    (Step.POLITICAL_REVIEW, _C, "政治审查", Holder.BRANCH, "结论性政审材料", ("DM-18",), (8,)),
    (Step.TRAINING, _C, "短期集中培训", Holder.SUPERIOR, "培训证明", ("DM-19",), (8,)),
    (Step.COMMITTEE_CHECK, _D, "支部委员会审查", Holder.COMMITTEE, "审查记录", ("DM-20",), (9, 10, 11)),
    (Step.PRE_REVIEW, _D, "上级党委预审", Holder.APPROVER, "书面预审结果", ("DM-21", "DM-22"), (12,)),
    (Step.FORM, _D, "填写入党志愿书", Holder.PERSON, "入党志愿书", ("DM-21",), (13,)),
    (Step.MEETING, _D, "支部党员大会讨论", Holder.MEETING, "决议、会议记录、票数",
     ("DM-23", "DM-24", "DM-27", "DM-30"), (14,)),
    (Step.APPROVAL_TALK, _D, "上级党委派人谈话", Holder.APPROVER, "谈话情况", ("DM-34",), (15,)),
    (Step.APPROVE, _D, "上级党委审批", Holder.APPROVER, "审批意见", ("DM-32", "DM-35", "DM-36"), (16,)),
    (Step.FILE_MEMBER, _D, "报上级组织部门备案", Holder.APPROVER, "备案表", ("DM-36",), (17,)),
    (Step.PLACE, _E, "编入党支部和党小组", Holder.BRANCH, "编组记录", (), (17,)),
    (Step.OATH, _E, "入党宣誓", Holder.BRANCH, "宣誓记录", ("DM-38",), (17,)),
    (Step.CARE, _E, "继续教育和考察", Holder.BRANCH, "预备党员教育考察登记表", ("DM-39",), (17,)),
    (Step.CONVERSION_APPLY, _E, "提出转正申请", Holder.PERSON, "转正申请书", ("DM-42",), (17,)),
    (Step.CONVERSION_MEETING, _E, "支部大会讨论转正", Holder.MEETING, "决议、票数", ("DM-40", "DM-42"), (19, 20, 22)),
    (Step.CONVERSION_APPROVE, _E, "上级党委审批转正", Holder.APPROVER, "审批意见", ("DM-43",), (23,)),
    (Step.ARCHIVE, _E, "材料归档", Holder.BRANCH, "归档清单", ("DM-44",), (24,)),
)  # fmt: skip

STEPS = MappingProxyType(
    {
        step: StepInfo(step, stage, name, holder, record, facts, tuple(Step(number) for number in needs))
        for step, stage, name, holder, record, facts, needs in _ROWS
    }
)

# What the chart calls a step under the text that asks for filing alone.
FILING_NAMES = MappingProxyType({Step.CONSENT: "上级党委备案"})
FILING_RECORDS = MappingProxyType({Step.CONSENT: "备案表"})


def step_name(step: Step, *, needs_consent: bool) -> str:
    """The step's name under the case's text."""
    return STEPS[step].name if needs_consent else FILING_NAMES.get(step, STEPS[step].name)


def step_record(step: Step, *, needs_consent: bool) -> str:
    """What the step leaves on paper, under the case's text."""
    return STEPS[step].record if needs_consent else FILING_RECORDS.get(step, STEPS[step].record)


def before(step: Step) -> frozenset[Step]:
    """Every step that must be done before this one, directly or not."""
    found: set[Step] = set()
    waiting = list(STEPS[step].needs)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += STEPS[one].needs
    return frozenset(found)
