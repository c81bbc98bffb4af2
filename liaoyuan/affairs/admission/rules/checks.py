"""Whether an act is lawful now: what refuses it, what needs a recorded basis, what needs a reason (不宜).

Every finding says what is wrong and what to do, in the user's words, and names the clause of the binding text.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from liaoyuan.affairs.admission.rules import converting, deciding, listing
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.findings import Call, Finding, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.order import order
from liaoyuan.affairs.admission.rules.progress import Progress


def check(
    act: Act, on: date, detail: Mapping[str, Any], state: Progress, limits: Limits, setting: Setting, *, today: date
) -> list[Finding]:
    """Everything against ``act`` on ``on``, refusals first. An empty list lets it pass."""
    found = [*order(act, on, state, limits, today)]
    if not found:
        special = _CHECKS.get(act)
        found = list(special(Call(on, detail, state, limits, setting))) if special else []
    return sorted(found, key=lambda finding: list(Weight).index(finding.weight))


_CHECKS: Mapping[Act, Callable[[Call], Iterator[Finding]]] = {
    Act.APPLY: listing.apply,
    Act.FILE_ACTIVIST: listing.superior,
    Act.MENTORS: listing.mentors,
    Act.CONSENT: listing.superior,
    Act.FILE_CANDIDATE: listing.superior,
    Act.PROPOSE: listing.propose,
    Act.POST: listing.post,
    Act.POSTED: listing.posted,
    Act.INTRODUCERS: listing.introducers,
    Act.TRAINING: listing.training,
    Act.PRE_REVIEW: deciding.pre_review,
    Act.MEETING: deciding.meeting,
    Act.APPROVAL_TALK: deciding.approval_talk,
    Act.EXTEND_APPROVAL: deciding.approval_talk,
    Act.APPROVE: deciding.approve,
    Act.REDO: deciding.redo,
    Act.FILE_MEMBER: deciding.approval_talk,
    Act.OATH: converting.oath,
    Act.CONVERSION_APPLY: converting.conversion_apply,
    Act.POSTPONE: converting.postpone,
    Act.CONVERSION_CHECK: converting.conversion_check,
    Act.CONVERSION_MEETING: converting.conversion_meeting,
    Act.CONVERSION_APPROVE: converting.conversion_approve,
}
