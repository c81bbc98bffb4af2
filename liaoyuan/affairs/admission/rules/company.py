"""Whether those named as mentors can still be it: who left, is no full member or belongs elsewhere is replaced (DM-06).

The records say who was named; whether he still fits is a matter of today. A mentor is wanted until the branch has
proposed the activist: afterwards the introducers accompany him.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
