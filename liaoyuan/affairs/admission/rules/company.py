"""Whether those named for a case can still be it.

Mentors: who left, is no full member or belongs elsewhere is replaced (DM-06). The records say who was named; whether he
still fits is a matter of today. A mentor is wanted until the branch has proposed the activist: afterwards the
introducers accompany him, and are looked at again where the branch decides (DM-15, DM-16, DM-17).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from liaoyuan.affairs.admission.rules.findings import Call, Finding, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import ACTIVIST, Progress
from liaoyuan.affairs.admission.rules.steps import Step


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody named for a case, as he stands today. ``here``: he belongs, or is attached, to the branch that
    cultivates the activist."""

    name: str
    in_service: bool = True
    full_member: bool = True
    here: bool = True

    @property
    def unfit(self) -> str:
        """Why he must be replaced; "" where he need not be."""
        if not self.in_service:
            return "已离队"
        if not self.full_member:
            return "已不是正式党员"
        return "" if self.here else "不在本支部"


def mentors_wanted(state: Progress) -> bool:
    """Whether the case is at a point at which somebody must be mentor."""
    return not state.closed and state.standing == ACTIVIST and state.has(Step.MENTORS) and not state.has(Step.PROPOSE)


def with_mentors(state: Progress, mentors: Sequence[Companion], limits: Limits) -> Progress:
    """The state as the mentors of today leave it: those to be replaced are named, and where fewer are left than the
    text asks for, naming mentors is to be done again. Without known mentors (a case taken over) nothing is asked."""
    if not mentors or not mentors_wanted(state):
        return state
    state.unfit_mentors = tuple(f"{one.name}（{one.unfit}）" for one in mentors if one.unfit)
    if sum(not one.unfit for one in mentors) < limits.mentors_least:
        # The act still counts as recorded; only its step is open again.
        del state.done[Step.MENTORS]
    return state


def accompanied(call: Call) -> Iterator[Finding]:
    """What came after the naming binds too: an introducer who may not be it any more is replaced before the branch
    takes the candidate further; one whose penalty makes him unsuited is explained, unless that was done before. What
    was refused is a matter of record, and so is what the standing presupposes."""
    if call.state.has(Step.APPROVE) or not (call.detail.get("qualified", True) and call.detail.get("passed", True)):
        return
    for one in call.setting.helpers:
        if not one.full_member:
            words = f"入党介绍人{one.name} 在 {call.on:%Y-%m-%d} 已不是正式党员，请先重新确定入党介绍人。"
            yield Finding("helper_not_full", words, call.limits.clause("DM-15"))
        elif one.penalty == "probation":
            words = f"入党介绍人{one.name} 受留党察看处分、尚未恢复党员权利，不能作入党介绍人，请先重新确定入党介绍人。"
            yield Finding("introducer_barred", words, call.limits.clause("DM-17"))
        elif one.penalty and call.limits.penalty_warns:
            words = f"入党介绍人{one.name} 在确定以后受处分，影响期内不宜作入党介绍人。仍由其担任的，请写明理由。"
            yield Finding("introducer_penalty", words, call.limits.clause("DM-16"), Weight.REASON)
