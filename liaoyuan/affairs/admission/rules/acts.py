"""What can happen in a case: typed acts, who may do each, what each must have before it, and what each carries.

An act belongs to a step and may complete it. A refused or lapsed act returns the case (``rules.progress``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from liaoyuan.affairs.admission.rules.steps import STEPS, Step


class Level(StrEnum):
    """Whose act it is. The branch's own acts are recorded by its officers or decided by its secretary; the superior's
    by the committee above; approving by a committee with the power."""

    RECORD = "record"
    DECIDE = "decide"
    SUPERIOR = "superior"
    APPROVER = "approver"


class Act(StrEnum):
    """Acts in the order of the steps."""

    APPLY = "apply"
    TALK = "talk"
    ACTIVIST = "activist"
    FILE_ACTIVIST = "file_activist"
    MENTORS = "mentors"
    REVIEW = "review"
    OPINION = "opinion"
    PROPOSE = "propose"
    CONSENT = "consent"
    POST = "post"
    POSTED = "posted"
    LIST = "list"
    FILE_CANDIDATE = "file_candidate"
    INTRODUCERS = "introducers"
    POLITICAL_REVIEW = "political_review"
    TRAINING = "training"
    COMMITTEE_CHECK = "committee_check"
    PRE_REVIEW = "pre_review"
    FORM = "form"
    MEETING = "meeting"
    REPORT = "report"
    APPROVAL_TALK = "approval_talk"
    EXTEND_APPROVAL = "extend_approval"
    APPROVE = "approve"
    REDO = "redo"
    FILE_MEMBER = "file_member"
    PLACE = "place"
    OATH = "oath"
    CARE = "care"
    CONVERSION_APPLY = "conversion_apply"
    POSTPONE = "postpone"
    CONVERSION_CHECK = "conversion_check"
    CONVERSION_MEETING = "conversion_meeting"
    CONVERSION_REPORT = "conversion_report"
    CONVERSION_APPROVE = "conversion_approve"
    ARCHIVE = "archive"
    MOVE = "move"
    EXAMINE = "examine"
    DISOWN = "disown"
    LEAVE = "leave"
    RETURN = "return"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class ActInfo:
    """One act. ``needs``: acts that must stand (``acts of the same step``) beside the step's own needs; ``repeats``:
    may happen again while the case stands; ``schema``: keys of its detail and their types."""

    act: Act
    step: Step
    label: str
    level: Level
    needs: frozenset[Act] = frozenset()
    repeats: bool = False
    schema: Mapping[str, type] = field(default_factory=dict)
    required: frozenset[str] = frozenset()


_VOTES = {"entitled": int, "present": int, "yes": int, "no": int, "abstain": int, "written": int, "motion": str,
          "explanation": str, "branch": str, "fact": str}  # fmt: skip
_R, _D, _S, _A = Level
_ROWS: tuple[tuple[Any, ...], ...] = (
    (Act.APPLY, Step.APPLY, "收到入党申请书", _R, (), False, {}, ()),
    (Act.TALK, Step.TALK, "记录谈话", _R, (), True, {"who": str, "mode": str, "fact": str}, ("who", "mode")),
    (Act.ACTIVIST, Step.ACTIVIST, "确定为入党积极分子", _D, (), False, {"way": str, "body": str}, ()),
    (Act.FILE_ACTIVIST, Step.FILE_ACTIVIST, "登记备案", _S, (), False, {"number": str}, ()),
    (Act.MENTORS, Step.MENTORS, "指定培养联系人", _R, (), True, {"people": list, "names": list}, ("people",)),
    (Act.REVIEW, Step.CULTIVATE, "记录半年考察", _R, (), True, {"result": str, "fact": str}, ("result",)),
    (Act.OPINION, Step.PROPOSE, "登记征求的意见", _R, (), True, {"source": str, "stance": str}, ("source",)),
    (Act.PROPOSE, Step.PROPOSE, "支委会讨论拟列发展对象", _D, (), False, {"body": str, "fact": str}, ()),
    (Act.CONSENT, Step.CONSENT, "上级党委研究是否同意", _S, (), False, {"agreed": bool, "number": str}, ("agreed",)),
    (Act.POST, Step.CONSENT, "开始公示", _D, (Act.CONSENT,), False,
     {"posting": str, "ends_on": str, "places": list, "away": list, "paper": bool}, ("ends_on",)),
    (Act.POSTED, Step.CONSENT, "登记公示结果", _R, (Act.POST,), False,
     {"clear": bool, "result": str, "fact": str}, ("clear",)),
    (Act.LIST, Step.CONSENT, "列为发展对象", _D, (Act.POSTED,), False, {}, ()),
    (Act.FILE_CANDIDATE, Step.CONSENT, "上级党委备案，列为发展对象", _S, (), False, {"number": str}, ()),
    (Act.INTRODUCERS, Step.INTRODUCERS, "确定入党介绍人", _D, (), True, {"people": list, "names": list}, ("people",)),
    (Act.POLITICAL_REVIEW, Step.POLITICAL_REVIEW, "登记政治审查结论", _D, (), False, {"passed": bool}, ("passed",)),
    (Act.TRAINING, Step.TRAINING, "登记短期集中培训", _R, (), False,
     {"days": int, "hours": int, "provider": str, "exempt": bool}, ()),
    (Act.COMMITTEE_CHECK, Step.COMMITTEE_CHECK, "支委会审查", _D, (), False, {"qualified": bool}, ("qualified",)),
    (Act.PRE_REVIEW, Step.PRE_REVIEW, "预审", _A, (), False, {"qualified": bool, "number": str}, ("qualified",)),
    (Act.FORM, Step.FORM, "登记入党志愿书", _R, (), False, {"number": str}, ()),
    (Act.MEETING, Step.MEETING, "登记支部大会表决结果", _D, (), False,
     {"passed": bool, **_VOTES}, ("passed",)),
    (Act.REPORT, Step.MEETING, "上报决议", _D, (Act.MEETING,), False, {}, ()),
    (Act.APPROVAL_TALK, Step.APPROVAL_TALK, "记录审批前谈话", _A, (), True, {"who": str}, ("who",)),
    (Act.EXTEND_APPROVAL, Step.APPROVE, "延长审批时间", _A, (), False, {"why": str}, ("why",)),
    (Act.APPROVE, Step.APPROVE, "审批接收预备党员", _A, (), False,
     {"agreed": bool, "by": str, "probation_from": str, "probation_until": str, "fact": str}, ("agreed",)),
    (Act.REDO, Step.MEETING, "超期未批，重新提交支部大会", _D, (Act.REPORT,), False, {"why": str}, ("why",)),
    (Act.FILE_MEMBER, Step.FILE_MEMBER, "登记备案", _A, (), False, {"number": str}, ()),
    (Act.PLACE, Step.PLACE, "编入党小组", _R, (), True, {"group": str, "name": str}, ()),
    (Act.OATH, Step.OATH, "登记入党宣誓", _R, (), False, {"place": str, "fact": str}, ()),
    (Act.CARE, Step.CARE, "记录预备期考察", _R, (), True, {"result": str}, ("result",)),
    (Act.CONVERSION_APPLY, Step.CONVERSION_APPLY, "收到转正申请", _R, (), False, {}, ()),
    (Act.POSTPONE, Step.CONVERSION_MEETING, "推迟讨论转正", _D, (), False, {"until": str, "why": str, "fact": str},
     ("until",)),
    (Act.CONVERSION_CHECK, Step.CONVERSION_MEETING, "征求意见、支委会审查", _D, (), False,
     {"sources": list, "outcome": str, "until": str}, ("sources", "outcome")),
    (Act.CONVERSION_MEETING, Step.CONVERSION_MEETING, "登记支部大会表决结果", _D, (Act.CONVERSION_CHECK,), False,
     {"passed": bool, "outcome": str, "until": str, **_VOTES}, ("passed", "outcome")),
    (Act.CONVERSION_REPORT, Step.CONVERSION_MEETING, "上报转正决议", _D, (Act.CONVERSION_MEETING,), False,
     {"fact": str}, ()),
    (Act.CONVERSION_APPROVE, Step.CONVERSION_APPROVE, "审批转正", _A, (), False,
     {"agreed": bool, "by": str, "fact": str}, ("agreed",)),
    (Act.ARCHIVE, Step.ARCHIVE, "材料归档", _R, (), False, {"papers": list}, ()),
    (Act.MOVE, Step.APPLY, "随本人转到新的党支部", _R, (), True, {"from": str, "to": str, "withdrawn": list}, ()),
    (Act.EXAMINE, Step.APPLY, "审查转入材料", _D, (), True, {"qualified": bool}, ("qualified",)),
    (Act.DISOWN, Step.APPLY, "审批不予承认", _A, (), True, {"agreed": bool, "by": str, "number": str},
     ("agreed", "by")),
    (Act.LEAVE, Step.APPLY, "本人离队，案卷中止", _R, (), True, {"why": str}, ()),
    (Act.RETURN, Step.APPLY, "本人归队，案卷恢复", _R, (), True, {}, ()),
    (Act.STOP, Step.APPLY, "终止发展", _D, (), False, {"why": str, "standing": str}, ("why",)),
)  # fmt: skip

ACTS = MappingProxyType(
    {
        act: ActInfo(act, step, label, level, frozenset(needs), repeats, schema, frozenset(required))
        for act, step, label, level, needs, repeats, schema, required in _ROWS
    }
)

# How a talk was held: by telephone is as good as face to face, for people are far away.
MODES = MappingProxyType({"in_person": "当面", "phone": "电话", "video": "视频"})
WAYS = MappingProxyType({"members": "党员推荐", "league": "群团组织推优"})
NOTED = "noted"  # written down elsewhere in free words
RESULTS = MappingProxyType(
    {"good": "表现良好，继续培养", "more": "有不足，需加强培养", "poor": "不宜继续培养", NOTED: "已考察（结论见记录）"}
)
CONVERT, EXTEND, DISQUALIFY = "convert", "extend", "disqualify"
OUTCOMES = MappingProxyType({CONVERT: "按期转正", EXTEND: "延长预备期", DISQUALIFY: "取消预备党员资格"})
# Keys of a detail that say yes or no.
VERDICTS = ("agreed", "qualified", "passed", "clear")
# Written by the platform when the person's file changes; mended there.
FOLLOWING = frozenset({Act.MOVE, Act.LEAVE, Act.RETURN})
# Acts that belong to no step of the chart; the table gives them the first.
BESIDE = FOLLOWING | {Act.STOP, Act.EXAMINE, Act.DISOWN}
# Acts that exist under one kind of text only: consent and posting, or filing alone.
WITH_CONSENT = frozenset({Act.CONSENT, Act.POST, Act.POSTED, Act.LIST})
WITH_FILING = frozenset({Act.FILE_CANDIDATE})


@dataclass(frozen=True, slots=True)
class Happened:
    """One act that stands. ``on`` is None where a case was taken over and the day is unknown."""

    act: Act
    on: date | None
    detail: Mapping[str, Any] = field(default_factory=dict)
    back_filled: bool = False


def detail_problem(act: Act, detail: Mapping[str, Any]) -> str:
    """What is wrong with an act's detail, or "": a missing or unknown key, or another type."""
    info = ACTS[act]
    for name in sorted(info.required - set(detail)):
        return f"“{info.label}”缺少 {name}"
    for name, value in detail.items():
        wanted = info.schema.get(name)
        if wanted is None:
            return f"“{info.label}”没有 {name} 这一项"
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            return f"“{info.label}”的 {name} 应为 {wanted.__name__}"
    return ""


def acts_of(step: Step) -> tuple[Act, ...]:
    """The acts of a step, in order."""
    return tuple(info.act for info in ACTS.values() if info.step == step and info.act not in BESIDE)


assert {info.step for info in ACTS.values()} == set(STEPS)  # noqa: S101  a step without an act would stop every case
