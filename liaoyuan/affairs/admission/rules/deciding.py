"""What is lawful from the pre-review to the approval: stage four."""

from collections.abc import Iterator
from datetime import date

from liaoyuan.affairs.admission.rules.company import accompanied
from liaoyuan.affairs.admission.rules.findings import Call, Finding, Roll, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.foundation.regulations.dates import after


def pre_review(call: Call) -> Iterator[Finding]:
    """The power to approve; not who leaves within three months (DM-21, DM-22)."""
    yield from power(call)
    leaving = call.setting.leaving_on
    if not call.detail.get("qualified", True) or leaving is None:
        return
    if leaving < after(call.on, call.limits.leaving_within):
        words = (
            f"本人将于 {leaving:%Y-%m-%d} 离开现单位，不到{call.limits.leaving_within}，"
            "一般不办理接收手续。确需办理的，请写明理由。"
        )
        yield Finding("leaving_soon", words, call.limits.clause("DM-22"), Weight.REASON)


def meeting(call: Call) -> Iterator[Finding]:
    """No temporary branch; within a month of the pre-review, but for a meeting held anew because the approval lapsed:
    the first one kept that month (DM-23, DM-33). The introducers still may be it. The count is that of the roll."""
    yield from temporary(call)
    yield from accompanied(call)
    yield from entitled(call)
    within, begun = call.limits.meeting_within, call.state.pre_reviewed_on
    if call.state.redone_on is not None:
        return
    if within is not None and begun is not None and call.on > (last := after(begun, within)):
        words = f"预审合格后应当在{within}内（{last:%Y-%m-%d} 以前）提交支部大会讨论，已经超过。请写明原因。"
        yield Finding("meeting_late", words, call.limits.clause("DM-23"), Weight.REASON, field="on")


def temporary(call: Call) -> Iterator[Finding]:
    """A temporary organisation takes nobody in (DM-33)."""
    if call.setting.temporary:
        words = "除另有规定外，临时党组织不能接收、审批预备党员。确有规定的，请写明依据（文件名称和文号）。"
        yield Finding("temporary", words, call.limits.clause("DM-33"), Weight.BASIS)


def entitled(call: Call) -> Iterator[Finding]:
    """A count on paper starts from those who had a vote that day (DM-24, MT-18)."""
    if call.setting.roll is not None and "entitled" in call.detail:
        yield from against_roll(call.detail["entitled"], call.on, call.setting.roll, call.limits)


def against_roll(entitled: int, on: date, roll: Roll, limits: Limits) -> Iterator[Finding]:
    """More people than had a vote refuses; fewer are explained, for only a superior leaves somebody out. A roll that is
    not certain refuses nothing: either difference is explained."""
    if entitled == roll.entitled:
        return
    known = f"有表决权的正式党员 {roll.entitled} 人"
    if not roll.certain:
        words = (
            f"平台没有 {on:%Y-%m-%d} 的完整名册；按现有记录，“{roll.unit}”当天{known}，与填写的应到会 {entitled} 人"
            "不一致。请写明依据（例如当时的会议记录、党员名册）。"
        )
        yield Finding("roll_uncertain", words, limits.clause("DM-24"), Weight.REASON, field="entitled")
    elif entitled > roll.entitled:
        words = (
            f"“{roll.unit}” {on:%Y-%m-%d} {known}，应到会不能填 {entitled} 人。"
            "名册有误的，请先更正有关人员的组织关系或政治面貌。"
        )
        yield Finding("over_roll", words, limits.clause("DM-24"), field="entitled")
    else:
        words = (
            f"“{roll.unit}” {on:%Y-%m-%d} {known}，填写的应到会 {entitled} 人少 {roll.entitled - entitled} 人。"
            "失去表决权或者经上级党组织同意不计入应到会的，请写明是谁、什么情况、依据什么。"
        )
        yield Finding("under_roll", words, roll.left_out, Weight.REASON, field="entitled")


def power(call: Call) -> Iterator[Finding]:
    """Only a committee with the power (DM-32)."""
    if not call.setting.approver:
        words = "这个党组织没有审批预备党员的权限，请由有审批权的上级党委办理。"
        yield Finding("no_power", words, call.limits.clause("DM-32"))


def approval_talk(call: Call) -> Iterator[Finding]:
    """By the approving committee (DM-34)."""
    yield from power(call)


def approve(call: Call) -> Iterator[Finding]:
    """Within three months, six at most (DM-36)."""
    yield from power(call)
    yield from temporary(call)
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


def redo(call: Call) -> Iterator[Finding]:
    """Only after the last day of approval."""
    begun = call.state.reported_on
    if begun is not None and call.on <= (hard := after(begun, call.limits.approval_at_most)):
        words = f"审批期限到 {hard:%Y-%m-%d} 才届满，现在不用重新提交支部大会。"
        yield Finding("not_lapsed", words, call.limits.clause("DM-36"), field="on")
