"""What is lawful from the pre-review to the approval: stage four."""

from collections.abc import Iterator

from liaoyuan.affairs.admission.rules.findings import Call, Finding, Weight
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
    the first one kept that month (DM-23, DM-33)."""
    yield from temporary(call)
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
