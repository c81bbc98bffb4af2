"""Whether an act is lawful now: what refuses it, what needs a recorded basis, what needs a reason (不宜).

Every finding says what is wrong and what to do, in the user's words, and names the clause of the binding text.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from liaoyuan.affairs.admission.rules.acts import (
    ACTS,
    CONVERT,
    DISQUALIFY,
    EXTEND,
    OUTCOMES,
    WITH_CONSENT,
    WITH_FILING,
    Act,
)
from liaoyuan.affairs.admission.rules.limits import CONVERSION_SOURCES, OPINION_LABELS, OPINION_SOURCES, Limits
from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.affairs.admission.rules.steps import STEPS, Step, before, step_name
from liaoyuan.foundation.regulations.dates import add_months, after, working_period_end


class Weight(StrEnum):
    """HARD refuses. BASIS refuses unless a special provision is recorded. REASON asks for a reason."""

    HARD = "hard"
    BASIS = "basis"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something against an act. ``code`` is stable; ``field`` the form field it belongs to."""

    code: str
    message: str
    clause: str = ""
    weight: Weight = Weight.HARD
    field: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """A person named as mentor or introducer, as he stands on the day. ``penalty``: "" , "effect" (a penalty whose
    effect has not ended) or "probation" (留党察看, rights not restored)."""

    name: str
    full_member: bool
    penalty: str = ""
    same_person: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the case on the day. ``superior`` and ``approver``: whether who acts belongs to the committee
    above the branch, and to one with the power to approve members."""

    birth: date | None = None
    temporary: bool = False
    superior: bool = True
    approver: bool = True
    leaving_on: date | None = None
    helpers: tuple[Helper, ...] = ()


def check(
    act: Act, on: date, detail: Mapping[str, Any], state: Progress, limits: Limits, setting: Setting, *, today: date
) -> list[Finding]:
    """Everything against ``act`` on ``on``, refusals first. An empty list lets it pass."""
    found = [*_order(act, on, state, limits, today)]
    if not found:
        special = _CHECKS.get(act)
        found = list(special(_Call(on, detail, state, limits, setting))) if special else []
    return sorted(found, key=lambda finding: list(Weight).index(finding.weight))


def allowed(act: Act, state: Progress, limits: Limits) -> str:
    """ "" where the act may be done at this point of the case; otherwise why not, in a sentence."""
    info = ACTS[act]
    if state.closed:
        return "这个案卷已经结束，不能再办理。需要时请更正已有的记录。"
    if act in (WITH_FILING if limits.needs_consent else WITH_CONSENT):
        return f"本案适用{limits.text}，没有这一步。"
    if act in {Act.MOVE, Act.STOP}:
        return "" if act == Act.MOVE or not state.has(Step.APPROVE) else _PROBATIONER
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
    if later is not None and state.has(later) and info.step not in state.assumed:
        return f"第{int(later)}步已经办完，这一项不再办理。"
    return ""


_PROBATIONER = "预备党员不能直接终止发展；取消资格须经支部党员大会通过、上级党委批准。"
# Acts that need something else than their step.
_OTHER_NEEDS: Mapping[Act, tuple[Step, ...]] = {
    Act.OPINION: (Step.ACTIVIST,),
    Act.REVIEW: (Step.ACTIVIST,),
    Act.EXTEND_APPROVAL: (Step.MEETING,),
    Act.POSTPONE: (Step.APPROVE,),
    # Extending and disqualifying do not wait for an application; converting does (``_conversion_check``).
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
    Act.REDO: Step.APPROVE,
    Act.CARE: Step.CONVERSION_APPROVE,
}


def _needs(act: Act) -> tuple[Step, ...]:
    """Steps that must be done before the act: the step's own, but for acts that may come earlier."""
    return _OTHER_NEEDS.get(act, STEPS[ACTS[act].step].needs)


def _order(act: Act, on: date, state: Progress, limits: Limits, today: date) -> Iterator[Finding]:
    """The act's turn, and dates in lawful order."""
    turn = allowed(act, state, limits)
    if turn:
        yield Finding("not_now", turn)
        return
    if on > today:
        yield Finding("in_future", f"{on:%Y-%m-%d} 还没有到，请填写实际日期。", field="on")
    floor = latest_before(act, state)
    if floor is not None and on < floor[1]:
        name = step_name(floor[0], needs_consent=limits.needs_consent)
        yield Finding(
            "before_previous",
            f"{on:%Y-%m-%d} 早于第{int(floor[0])}步“{name}”的 {floor[1]:%Y-%m-%d}，请核对日期。",
            field="on",
        )
    roof = earliest_after(act, state)
    if roof is not None and on > roof[1]:
        name = step_name(roof[0], needs_consent=limits.needs_consent)
        yield Finding(
            "after_next",
            f"{on:%Y-%m-%d} 晚于第{int(roof[0])}步“{name}”的 {roof[1]:%Y-%m-%d}，请核对日期。",
            field="on",
        )


def earliest_after(act: Act, state: Progress) -> tuple[Step, date] | None:
    """The earliest day among the done steps that build on the act's step: what is filled in later must lie before. None
    for acts that may repeat once their step has its day."""
    step = ACTS[act].step
    if act in {Act.REDO, Act.STOP} or (ACTS[act].repeats and step not in state.assumed):
        return None
    known = [(one, day) for one, day in state.done.items() if day is not None and step in before(one)]
    return min(known, key=lambda pair: pair[1], default=None)


def latest_before(act: Act, state: Progress) -> tuple[Step, date] | None:
    """The latest day among what must come before the act, and its step."""
    needs = state.done if act in {Act.STOP, Act.MOVE} else _needs(act)
    known = [(step, day) for step in needs if (day := state.done.get(step)) is not None]
    own = {
        Act.POST: (Step.CONSENT, state.consent_on),
        Act.POSTED: (Step.CONSENT, state.posting_from),
        Act.REPORT: (Step.MEETING, state.meeting_on),
        Act.EXTEND_APPROVAL: (Step.MEETING, state.reported_on),
        Act.APPROVAL_TALK: (Step.MEETING, state.reported_on),
        Act.APPROVE: (Step.MEETING, state.reported_on),
        Act.CONVERSION_MEETING: (Step.CONVERSION_MEETING, state.conversion_checked_on),
        Act.CONVERSION_REPORT: (Step.CONVERSION_MEETING, state.conversion_meeting_on),
        Act.CONVERSION_APPROVE: (Step.CONVERSION_MEETING, state.conversion_reported_on),
    }.get(act)
    if own is not None and own[1] is not None:
        known.append((own[0], own[1]))
    return max(known, key=lambda pair: pair[1], default=None)


@dataclass(frozen=True, slots=True)
class _Call:
    on: date
    detail: Mapping[str, Any]
    state: Progress
    limits: Limits
    setting: Setting


def _apply(call: _Call) -> Iterator[Finding]:
    birth, age = call.setting.birth, call.limits.minimum_age
    if birth is not None and add_months(birth, 12 * age) > call.on:
        words = f"申请入党须年满 {age} 周岁；出生日期是 {birth:%Y-%m-%d}，到 {call.on:%Y-%m-%d} 还不满。"
        yield Finding("under_age", words, call.limits.clause("DM-01"), field="on")


def _mentors(call: _Call) -> Iterator[Finding]:
    least, most, names = call.limits.mentors_least, call.limits.mentors_most, call.setting.helpers
    if not least <= len(names) <= most:
        words = f"培养联系人应为 {least} 至 {most} 名正式党员，现在选了 {len(names)} 名。"
        yield Finding("mentors_count", words, call.limits.clause("DM-06"), field="people")
    yield from _helpers(call, "培养联系人", "DM-06")


def _introducers(call: _Call) -> Iterator[Finding]:
    wanted, names = call.limits.introducers, call.setting.helpers
    if len(names) != wanted:
        words = f"发展对象应当有 {wanted} 名正式党员作入党介绍人，现在选了 {len(names)} 名。"
        yield Finding("introducers_count", words, call.limits.clause("DM-15"), field="people")
    yield from _helpers(call, "入党介绍人", "DM-15")
    for one in names:
        if one.penalty == "probation":
            words = f"{one.name} 受留党察看处分、尚未恢复党员权利，不能作入党介绍人，请另选。"
            yield Finding("introducer_barred", words, call.limits.clause("DM-17"), field="people")
        elif one.penalty and call.limits.penalty_warns:
            words = f"{one.name} 在处分影响期内，不宜作入党介绍人。确需由其担任的，请写明理由。"
            yield Finding("introducer_penalty", words, call.limits.clause("DM-16"), Weight.REASON, field="people")


def _helpers(call: _Call, role: str, fact: str) -> Iterator[Finding]:
    for one in call.setting.helpers:
        if one.same_person:
            yield Finding("helper_self", f"本人不能作自己的{role}，请另选。", call.limits.clause(fact), field="people")
        elif not one.full_member:
            words = f"{one.name} 在 {call.on:%Y-%m-%d} 不是正式党员，不能作{role}，请另选。"
            yield Finding("helper_not_full", words, call.limits.clause(fact), field="people")


def _propose(call: _Call) -> Iterator[Finding]:
    yield from _cultivated(call)
    missing = [OPINION_LABELS[source] for source in OPINION_SOURCES if source not in call.state.sources]
    if missing:
        words = f"还没有听取{'、'.join(missing)}的意见，请先登记。"
        yield Finding("opinions_missing", words, call.limits.clause("DM-12"))


def _cultivated(call: _Call) -> Iterator[Finding]:
    begun = call.state.activist_on
    if begun is not None and call.on < (earliest := after(begun, call.limits.cultivate)):
        words = f"确定为入党积极分子须满{call.limits.cultivate}，即 {earliest:%Y-%m-%d} 以后，才能拟列为发展对象。"
        yield Finding("too_soon", words, call.limits.clause("DM-11"), field="on")


def _post(call: _Call) -> Iterator[Finding]:
    ends = date.fromisoformat(str(call.detail["ends_on"]))
    shortest = posting_end(call.on, call.limits)
    if shortest is not None and ends < shortest:
        words = f"公示不少于 {call.limits.posting_days} 个工作日，至少到 {shortest:%Y-%m-%d}。"
        yield Finding("posting_short", words, call.limits.clause("DM-13"), field="ends_on")


def _posted(call: _Call) -> Iterator[Finding]:
    ends = call.state.posting_until
    if ends is not None and call.on <= ends:
        words = f"公示到 {ends:%Y-%m-%d} 才结束，次日起才能登记结果。"
        yield Finding("posting_open", words, call.limits.clause("DM-13"), field="on")


def _training(call: _Call) -> Iterator[Finding]:
    days, hours = int(call.detail.get("days", 0)), int(call.detail.get("hours", 0))
    if call.detail.get("exempt"):
        words = "未经培训的，除个别特殊情况外不能发展入党。请写明特殊情况和批准依据。"
        yield Finding("training_exempt", words, call.limits.clause("DM-19"), Weight.BASIS)
    elif days < call.limits.training_days and hours < call.limits.training_hours:
        least = f"{call.limits.training_days} 天（或 {call.limits.training_hours} 学时）"
        words = f"短期集中培训不少于{least}，现为 {days} 天、{hours} 学时。"
        yield Finding("training_short", words, call.limits.clause("DM-19"), field="days")


def _pre_review(call: _Call) -> Iterator[Finding]:
    yield from _power(call)
    leaving = call.setting.leaving_on
    if not call.detail.get("qualified", True) or leaving is None:
        return
    if leaving < after(call.on, call.limits.leaving_within):
        words = (
            f"本人将于 {leaving:%Y-%m-%d} 离开现单位，不到{call.limits.leaving_within}，"
            "一般不办理接收手续。确需办理的，请写明理由。"
        )
        yield Finding("leaving_soon", words, call.limits.clause("DM-22"), Weight.REASON)


def _meeting(call: _Call) -> Iterator[Finding]:
    yield from _temporary(call)
    within, begun = call.limits.meeting_within, call.state.pre_reviewed_on
    if within is not None and begun is not None and call.on > (last := after(begun, within)):
        words = f"预审合格后应当在{within}内（{last:%Y-%m-%d} 以前）提交支部大会讨论，已经超过。请写明原因。"
        yield Finding("meeting_late", words, call.limits.clause("DM-23"), Weight.REASON, field="on")


def _temporary(call: _Call) -> Iterator[Finding]:
    if call.setting.temporary:
        words = "除另有规定外，临时党组织不能接收、审批预备党员。确有规定的，请写明依据（文件名称和文号）。"
        yield Finding("temporary", words, call.limits.clause("DM-33"), Weight.BASIS)


def _power(call: _Call) -> Iterator[Finding]:
    if not call.setting.approver:
        words = "这个党组织没有审批预备党员的权限，请由有审批权的上级党委办理。"
        yield Finding("no_power", words, call.limits.clause("DM-32"))


def _superior(call: _Call) -> Iterator[Finding]:
    if not call.setting.superior:
        words = "这一步由支部的上级党委办理，您所在的党组织不是其上级党委。"
        fact = "DM-12" if call.state.has(Step.PROPOSE) else "DM-04"
        yield Finding("not_superior", words, call.limits.clause(fact))


def _approval_talk(call: _Call) -> Iterator[Finding]:
    yield from _power(call)


def _approve(call: _Call) -> Iterator[Finding]:
    yield from _power(call)
    yield from _temporary(call)
    begun = call.state.reported_on
    if begun is None:
        return
    hard, usual = after(begun, call.limits.approval_at_most), after(begun, call.limits.approval_within)
    if call.on > hard:
        words = (
            f"决议 {begun:%Y-%m-%d} 上报，最长不得超过{call.limits.approval_at_most}（{hard:%Y-%m-%d}），"
            "已经超过。请退回支部重新提交支部大会讨论。"
        )
        yield Finding("approval_too_late", words, call.limits.clause("DM-36"), field="on")
    elif call.on > usual and not call.state.longer:
        words = f"应当在{call.limits.approval_within}内（{usual:%Y-%m-%d} 以前）审批；超过的须属特殊情况，请写明原因。"
        yield Finding("approval_late", words, call.limits.clause("DM-36"), Weight.REASON, field="on")


def _redo(call: _Call) -> Iterator[Finding]:
    begun = call.state.reported_on
    if begun is not None and call.on <= (hard := after(begun, call.limits.approval_at_most)):
        words = f"审批期限到 {hard:%Y-%m-%d} 才届满，现在不用重新提交支部大会。"
        yield Finding("not_lapsed", words, call.limits.clause("DM-36"), field="on")


def _oath(call: _Call) -> Iterator[Finding]:
    within, begun = call.limits.oath_within, call.state.approved_on
    if within is not None and begun is not None and call.on > (last := after(begun, within)):
        words = f"入党宣誓一般在批准后{within}内（{last:%Y-%m-%d} 以前）进行，已经超过。请写明原因。"
        yield Finding("oath_late", words, call.limits.clause("DM-38"), Weight.REASON, field="on")


def _conversion_apply(call: _Call) -> Iterator[Finding]:
    ends = call.state.probation_until
    if ends is not None and call.on < ends:
        words = f"预备期到 {ends:%Y-%m-%d} 才满，转正申请一般在期满时提出。提前收到的请写明原因。"
        yield Finding("applied_early", words, call.limits.clause("DM-42"), Weight.REASON, field="on")


def _postpone(call: _Call) -> Iterator[Finding]:
    clause, expiry = call.limits.clause("DM-46"), call.state.probation_until
    if call.state.moved_on is None:
        yield Finding("not_moved", "只有转入本支部的预备党员，期满时才可以推迟讨论转正。", clause)
    if expiry is None:
        return
    until = date.fromisoformat(str(call.detail["until"]))
    last = after(expiry, call.limits.postponement_at_most)
    if not expiry < until <= last:
        words = (
            f"推迟讨论自预备期满 {expiry:%Y-%m-%d} 起最长{call.limits.postponement_at_most}，"
            f"应在 {last:%Y-%m-%d} 以前。"
        )
        yield Finding("postponed_too_long", words, clause, field="until")


def _conversion_check(call: _Call) -> Iterator[Finding]:
    missing = [OPINION_LABELS[one] for one in CONVERSION_SOURCES if one not in call.detail.get("sources", ())]
    if missing:
        words = f"还没有征求{'、'.join(missing)}的意见。"
        yield Finding("opinions_missing", words, call.limits.clause("DM-42"), field="sources")
    wrong = list(_outcome(call))
    yield from wrong or _extension(call)
    if call.detail.get("outcome") != CONVERT:
        return
    wanted = [one for one in STEPS[Step.CONVERSION_MEETING].needs if not call.state.has(one)]
    if wanted:
        names = "、".join(f"第{int(one)}步“{STEPS[one].name}”" for one in wanted)
        yield Finding("steps_missing", f"还没有办理{names}，不能讨论按期转正。", call.limits.clause("DM-42"))


def _outcome(call: _Call) -> Iterator[Finding]:
    outcome = call.detail.get("outcome", CONVERT)
    if outcome not in OUTCOMES:
        yield Finding("no_such_outcome", "只有按期转正、延长预备期、取消预备党员资格三种结论。", field="outcome")
    elif outcome == EXTEND and call.state.extensions >= call.limits.extensions_most:
        words = f"预备期只能延长 {call.limits.extensions_most} 次，已经延长过；请讨论转正或者取消资格。"
        yield Finding("extended_before", words, call.limits.clause("DM-40"), field="outcome")


def _conversion_meeting(call: _Call) -> Iterator[Finding]:
    yield from _temporary(call)
    wrong = list(_outcome(call))
    yield from wrong or _extension(call)
    outcome, ends = call.detail.get("outcome", CONVERT), call.state.probation_until
    # Who breaks discipline may lose the place before the year is over (DM-41); everything else waits for its end.
    if ends is not None and outcome != DISQUALIFY and call.on < ends:
        words = f"预备期到 {ends:%Y-%m-%d} 满{call.limits.probation}，期满后才能讨论转正。"
        yield Finding("too_soon", words, call.limits.clause("DM-40"), field="on")


def _extension(call: _Call) -> Iterator[Finding]:
    """An extension names its last day, counted from the first expiry."""
    ends = call.state.probation_until
    if call.detail.get("outcome") != EXTEND or ends is None or not call.detail.get("passed", True):
        return
    least, most = after(ends, call.limits.extension_least), after(ends, call.limits.extension_most)
    text = str(call.detail.get("until", ""))
    if not text or not least <= date.fromisoformat(text) <= most:
        words = (
            f"延长预备期不少于{call.limits.extension_least}、不超过{call.limits.extension_most}，"
            f"应在 {least:%Y-%m-%d} 至 {most:%Y-%m-%d} 之间。"
        )
        yield Finding("extension_length", words, call.limits.clause("DM-40"), field="until")


def _conversion_approve(call: _Call) -> Iterator[Finding]:
    yield from _power(call)
    yield from _temporary(call)
    begun, within = call.state.conversion_reported_on, call.limits.conversion_approval_within
    if begun is not None and call.on > (last := after(begun, within)):
        words = f"转正决议应当在{within}内（{last:%Y-%m-%d} 以前）审批，已经超过。请写明原因。"
        yield Finding("approval_late", words, call.limits.clause("DM-43"), Weight.REASON, field="on")


def posting_end(start: date, limits: Limits) -> date | None:
    """The last day of the shortest lawful posting that begins on ``start``; None where the text asks for none."""
    if limits.posting_days is None:
        return None
    return working_period_end(start, limits.posting_days, limits.is_workday, count_first=limits.count_first)


_CHECKS: Mapping[Act, Callable[[_Call], Iterator[Finding]]] = {
    Act.APPLY: _apply,
    Act.FILE_ACTIVIST: _superior,
    Act.MENTORS: _mentors,
    Act.CONSENT: _superior,
    Act.FILE_CANDIDATE: _superior,
    Act.PROPOSE: _propose,
    Act.POST: _post,
    Act.POSTED: _posted,
    Act.INTRODUCERS: _introducers,
    Act.TRAINING: _training,
    Act.PRE_REVIEW: _pre_review,
    Act.MEETING: _meeting,
    Act.APPROVAL_TALK: _approval_talk,
    Act.EXTEND_APPROVAL: _approval_talk,
    Act.APPROVE: _approve,
    Act.REDO: _redo,
    Act.FILE_MEMBER: _approval_talk,
    Act.OATH: _oath,
    Act.CONVERSION_APPLY: _conversion_apply,
    Act.POSTPONE: _postpone,
    Act.CONVERSION_CHECK: _conversion_check,
    Act.CONVERSION_MEETING: _conversion_meeting,
    Act.CONVERSION_APPROVE: _conversion_approve,
}
