"""What is lawful about the papers of somebody who moved: the new branch examines them, of a probationer strictly
(DM-10, DM-45)."""

from collections.abc import Iterator

from liaoyuan.affairs.admission.rules.beside import NOT_PROVED, TO_EXAMINE
from liaoyuan.affairs.admission.rules.deciding import power
from liaoyuan.affairs.admission.rules.findings import Call, Finding
from liaoyuan.affairs.admission.rules.progress import PROBATIONARY, Progress


def fact_of(state: Progress) -> str:
    """The row of the rules table that asks for the examination."""
    return "DM-45" if state.standing == PROBATIONARY else "DM-10"


def lacking(state: Progress) -> str:
    """What about the papers stands between the case and its next step, in words; "" where nothing does."""
    if state.papers == TO_EXAMINE:
        return "审查转入材料（新的党支部）"
    if state.papers == NOT_PROVED and state.standing == PROBATIONARY:
        return "转入材料无法认定：报有审批权的党委审批不予承认，或者补齐材料后重新审查"
    return "补齐转入材料后重新审查" if state.papers == NOT_PROVED else ""


def examined(call: Call) -> Iterator[Finding]:
    """Nothing is built on papers that the new branch has not examined."""
    words = lacking(call.state)
    if words:
        why = f"本人转入后，材料还没有审查清楚，请先办理：{words}。"
        yield Finding("papers_not_examined", why, call.limits.clause(fact_of(call.state)))


def examine(call: Call) -> Iterator[Finding]:
    """Not before he came."""
    came = call.state.moved_on
    if came is not None and call.on < came:
        words = f"{call.on:%Y-%m-%d} 早于转入本支部的 {came:%Y-%m-%d}，请核对日期。"
        yield Finding("before_move", words, call.limits.clause(fact_of(call.state)), field="on")


def disown(call: Call) -> Iterator[Finding]:
    """By a committee with the power, after the branch found that the papers prove nothing."""
    yield from power(call)
    found = call.state.examined_on
    if found is not None and call.on < found:
        words = f"{call.on:%Y-%m-%d} 早于支部审查材料的 {found:%Y-%m-%d}，请核对日期。"
        yield Finding("before_examination", words, call.limits.clause("DM-45"), field="on")
