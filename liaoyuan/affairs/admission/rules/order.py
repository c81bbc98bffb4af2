"""Whose turn an act is, and which days come before which."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from liaoyuan.affairs.admission.rules.acts import ACTS, BESIDE, CONVERT, FOLLOWING, WITH_CONSENT, WITH_FILING, Act
from liaoyuan.affairs.admission.rules.beside import LEFT, NOT_PROVED
from liaoyuan.affairs.admission.rules.findings import Finding
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import PROBATIONARY, Progress
from liaoyuan.affairs.admission.rules.steps import STEPS, Step, before, step_name


def allowed(act: Act, state: Progress, limits: Limits) -> str:
    """ "" where the act may be done at this point of the case; otherwise why not, in a sentence."""
    info = ACTS[act]
    if state.closed == LEFT:
        return _LEFT
    if state.closed:
        return "这个案卷已经结束，不能再办理。需要时请更正已有的记录。"
    if act in (WITH_FILING if limits.needs_consent else WITH_CONSENT):
        return f"本案适用{limits.text}，没有这一步。"
    if act == Act.EXAMINE:
        return "" if state.papers else "没有待审查的转入材料；本人转到新的支部以后，由新的支部审查。"
    if act == Act.DISOWN:
        return "" if state.standing == PROBATIONARY and state.papers == NOT_PROVED else _PROVED
    if act in BESIDE:
        return "" if act in FOLLOWING or not state.has(Step.APPROVE) else _PROBATIONER
    missing = [one for one in _needs(act) if not state.has(one)]
    if missing:
        names = "、".join(f"第{int(one)}步“{step_name(one, needs_consent=limits.needs_consent)}”" for one in missing)
        return f"还没有办理{names}，请先办理。"
    undone = [ACTS[one].label for one in Act if one in info.needs and one not in state.acts]
    if undone:
        return f"请先办理“{'、'.join(undone)}”。"
    if act == Act.POST and Act.POST in state.acts and Act.POSTED not in state.acts:
        return "正在公示，请等公示结束。"
    if not info.repeats and act in state.acts and info.step not in state.assumed:
        return f"“{info.label}”已经办理过；需要改动请用“更正”。"
    if not info.repeats and state.has(info.step) and info.step not in state.assumed and act != Act.REDO:
        return f"第{int(info.step)}步已经办完；需要改动请用“更正”。"
    later = _AFTERWARDS.get(act)
    if later is not None and state.has(later) and (act in _BEFORE_ALONE or info.step not in state.assumed):
        return f"第{int(later)}步已经办完，这一项不再办理。"
    return ""


_LEFT = "本人已离队，案卷中止办理。归队后从原来的步骤恢复；离队登记有误的，请在“个人档案”中办理归队。"
_PROVED = "只有转入的预备党员、材料经审查无法认定的，才报请审批不予承认。请先登记“审查转入材料”的结论。"
_PROBATIONER = "预备党员不能直接终止发展；取消资格须经支部党员大会通过、上级党委批准。"
# Acts that need something else than their step.
_OTHER_NEEDS: Mapping[Act, tuple[Step, ...]] = {
    Act.OPINION: (Step.ACTIVIST,),
    Act.REVIEW: (Step.ACTIVIST,),
    Act.EXTEND_APPROVAL: (Step.MEETING,),
    Act.POSTPONE: (Step.APPROVE,),
    # Extending and disqualifying do not wait for an application; converting does (``_CONVERTING``).
    Act.CONVERSION_CHECK: (Step.APPROVE,),
    Act.CONVERSION_MEETING: (Step.APPROVE,),
    Act.CONVERSION_REPORT: (Step.APPROVE,),
}
# Repeatable acts end with these steps.
_AFTERWARDS = {
    Act.REVIEW: Step.CONSENT,
    Act.OPINION: Step.PROPOSE,
    Act.MENTORS: Step.APPROVE,
    Act.INTRODUCERS: Step.CONVERSION_APPROVE,
    Act.APPROVAL_TALK: Step.APPROVE,
    Act.EXTEND_APPROVAL: Step.APPROVE,
    Act.REDO: Step.APPROVE,
    Act.CARE: Step.CONVERSION_APPROVE,
}
# They speak of an approval to come: nothing to fill in where it is done, its day known or not.
_BEFORE_ALONE = frozenset({Act.EXTEND_APPROVAL, Act.REDO})


def _needs(act: Act) -> tuple[Step, ...]:
    """Steps that must be done before the act: the step's own, but for acts that may come earlier."""
    return _OTHER_NEEDS.get(act, STEPS[ACTS[act].step].needs)


def order(
    act: Act, on: date, detail: Mapping[str, Any], state: Progress, limits: Limits, today: date
) -> Iterator[Finding]:
    """The act's turn, and dates in lawful order."""
    turn = allowed(act, state, limits)
    if turn:
        yield Finding("not_now", turn)
        return
    if on > today:
        yield Finding("in_future", f"{on:%Y-%m-%d} 还没有到，请填写实际日期。", field="on")
    floor = latest_before(act, detail, state)
    if floor is not None and on < floor[1]:
        words = f"{on:%Y-%m-%d} 早于{_words(floor[0], limits)}的 {floor[1]:%Y-%m-%d}，请核对日期。"
        yield Finding("before_previous", words, field="on")
    roof = earliest_after(act, state)
    if roof is not None and on > roof[1]:
        words = f"{on:%Y-%m-%d} 晚于{_words(roof[0], limits)}的 {roof[1]:%Y-%m-%d}，请核对日期。"
        yield Finding("after_next", words, field="on")


def _words(what: Step | str, limits: Limits) -> str:
    return f"第{int(what)}步“{step_name(what, needs_consent=limits.needs_consent)}”" if isinstance(what, Step) else what


def earliest_after(act: Act, state: Progress) -> tuple[Step, date] | None:
    """The earliest day among the done steps that build on the act's step: what is filled in later must lie before. None
    for acts that may repeat once their step has its day."""
    step = ACTS[act].step
    if act == Act.REDO or act in BESIDE or (ACTS[act].repeats and step not in state.assumed):
        return None
    known = [(one, day) for one, day in state.done.items() if day is not None and step in before(one)]
    checked = state.conversion_checked_on
    if checked is not None and state.outcome == CONVERT and step in STEPS[Step.CONVERSION_MEETING].needs:
        known.append((Step.CONVERSION_MEETING, checked))  # under way, and built on it
    return min(known, key=lambda pair: pair[1], default=None)


def latest_before(act: Act, detail: Mapping[str, Any], state: Progress) -> tuple[Step | str, date] | None:
    """The latest day among what must come before the act, directly or not, and its step (or, within a step, what it
    was): in a case taken over the day of the step before may be unknown, and that of an earlier one known."""
    if act in {Act.EXAMINE, Act.DISOWN}:
        return None  # judged by the day of the move (rules.transfer)
    direct = _needs(act)
    if act in _CONVERTING and detail.get("outcome", CONVERT) == CONVERT:
        direct = (*direct, *STEPS[Step.CONVERSION_MEETING].needs)
    needs = state.done if act in BESIDE else {*direct, *(one for step in direct for one in before(step))}
    days = [*((step, state.done.get(step)) for step in needs), *_within(act, state)]
    known = [(what, day) for what, day in days if day is not None]
    return max(known, key=lambda pair: pair[1], default=None)


# Only converting waits for the group, the oath and the application (``_OTHER_NEEDS``).
_CONVERTING = frozenset({Act.CONVERSION_CHECK, Act.CONVERSION_MEETING})


def _within(act: Act, state: Progress) -> tuple[tuple[Step | str, date | None], ...]:
    """What must come before the act within its own step; and before what is done anew, the refusal that led there."""
    again: tuple[str, date | None] = ("退回重新办理", state.returned_on)
    found: Mapping[Act, tuple[tuple[Step | str, date | None], ...]] = {
        Act.OPINION: (again,),
        Act.POST: ((Step.CONSENT, state.consent_on),),
        Act.POSTED: ((Step.CONSENT, state.posting_from),),
        Act.COMMITTEE_CHECK: (again,),
        Act.MEETING: ((Step.MEETING, state.redone_on),),
        Act.REPORT: ((Step.MEETING, state.meeting_on),),
        Act.EXTEND_APPROVAL: ((Step.MEETING, state.reported_on),),
        Act.APPROVAL_TALK: ((Step.MEETING, state.reported_on),),
        Act.APPROVE: ((Step.MEETING, state.reported_on),),
        Act.CONVERSION_CHECK: (again,),
        Act.CONVERSION_MEETING: ((Step.CONVERSION_MEETING, state.conversion_checked_on),),
        Act.CONVERSION_REPORT: ((Step.CONVERSION_MEETING, state.conversion_meeting_on),),
        Act.CONVERSION_APPROVE: ((Step.CONVERSION_MEETING, state.conversion_reported_on),),
    }
    return found.get(act, ())
