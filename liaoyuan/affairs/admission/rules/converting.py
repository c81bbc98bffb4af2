"""What is lawful from the oath to the conversion: stage five."""

from collections.abc import Iterator
from datetime import date

from liaoyuan.affairs.admission.rules.acts import CONVERT, DISQUALIFY, EXTEND, OUTCOMES
from liaoyuan.affairs.admission.rules.deciding import entitled, power, temporary
from liaoyuan.affairs.admission.rules.findings import Call, Finding, Weight
from liaoyuan.affairs.admission.rules.limits import CONVERSION_SOURCES, OPINION_LABELS
from liaoyuan.affairs.admission.rules.steps import STEPS, Step
from liaoyuan.affairs.admission.rules.transfer import examined
from liaoyuan.foundation.regulations.dates import after


def oath(call: Call) -> Iterator[Finding]:
    """Within a month of the approval (DM-38)."""
    within, begun = call.limits.oath_within, call.state.approved_on
    if within is not None and begun is not None and call.on > (last := after(begun, within)):
        words = f"入党宣誓一般在批准后{within}内（{last:%Y-%m-%d} 以前）进行，已经超过。请写明原因。"
        yield Finding("oath_late", words, call.limits.clause("DM-38"), Weight.REASON, field="on")


def conversion_apply(call: Call) -> Iterator[Finding]:
    """At the end of the probation (DM-42)."""
    ends = call.state.probation_until
    if ends is not None and call.on < ends:
        words = f"预备期到 {ends:%Y-%m-%d} 才满，转正申请一般在期满时提出。提前收到的请写明原因。"
        yield Finding("applied_early", words, call.limits.clause("DM-42"), Weight.REASON, field="on")


def postpone(call: Call) -> Iterator[Finding]:
    """Who moved in, at most six months (DM-46)."""
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


def conversion_check(call: Call) -> Iterator[Finding]:
    """Three sources heard; what converting needs (DM-42); a probationer who moved has had his papers examined
    (DM-45)."""
    if call.detail.get("outcome") != DISQUALIFY:
        yield from examined(call)
    missing = [OPINION_LABELS[one] for one in CONVERSION_SOURCES if one not in call.detail.get("sources", ())]
    if missing:
        words = f"还没有征求{'、'.join(missing)}的意见。"
        yield Finding("opinions_missing", words, call.limits.clause("DM-42"), field="sources")
    wrong = list(one_of_three(call))
    yield from wrong or extension(call)
    yield from steps_missing(call)


def steps_missing(call: Call) -> Iterator[Finding]:
    """Only converting waits for the group, the oath and the application; nothing passes without them."""
    if call.detail.get("outcome") != CONVERT or not call.detail.get("passed", True):
        return
    wanted = [one for one in STEPS[Step.CONVERSION_MEETING].needs if not call.state.has(one)]
    if wanted:
        names = "、".join(f"第{int(one)}步“{STEPS[one].name}”" for one in wanted)
        yield Finding("steps_missing", f"还没有办理{names}，不能讨论按期转正。", call.limits.clause("DM-42"))


def one_of_three(call: Call) -> Iterator[Finding]:
    """One of three; extending once (DM-40)."""
    outcome = call.detail.get("outcome", CONVERT)
    if outcome not in OUTCOMES:
        yield Finding("no_such_outcome", "只有按期转正、延长预备期、取消预备党员资格三种结论。", field="outcome")
    elif outcome == EXTEND and call.state.extensions >= call.limits.extensions_most:
        words = f"预备期只能延长 {call.limits.extensions_most} 次，已经延长过；请讨论转正或者取消资格。"
        yield Finding("extended_before", words, call.limits.clause("DM-40"), field="outcome")


def conversion_meeting(call: Call) -> Iterator[Finding]:
    """After the year, unless discipline ends it (DM-39, DM-41); what converting needs (DM-42), for a meeting may
    resolve another outcome than the committee proposed. The count is that of the roll."""
    yield from temporary(call)
    yield from entitled(call)
    wrong = list(one_of_three(call))
    yield from wrong or extension(call)
    yield from steps_missing(call)
    outcome, ends = call.detail.get("outcome", CONVERT), call.state.probation_until
    # Who breaks discipline may lose the place before the year is over (DM-41); everything else waits for its end.
    if ends is not None and outcome != DISQUALIFY and call.on < ends:
        words = f"预备期到 {ends:%Y-%m-%d} 满{call.limits.probation}，期满后才能讨论转正。"
        yield Finding("too_soon", words, call.limits.clause("DM-40"), field="on")


def extension(call: Call) -> Iterator[Finding]:
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


def conversion_approve(call: Call) -> Iterator[Finding]:
    """Within three months (DM-43)."""
    yield from power(call)
    yield from temporary(call)
    begun, within = call.state.conversion_reported_on, call.limits.conversion_approval_within
    if begun is not None and call.on > (last := after(begun, within)):
        words = f"转正决议应当在{within}内（{last:%Y-%m-%d} 以前）审批，已经超过。请写明原因。"
        yield Finding("approval_late", words, call.limits.clause("DM-43"), Weight.REASON, field="on")
