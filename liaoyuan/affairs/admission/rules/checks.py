"""Whether an act is lawful now: what refuses it, what needs a recorded basis, what needs a reason (不宜).

Every finding says what is wrong and what to do, in the user's words, and names the clause of the binding text.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from liaoyuan.affairs.admission.rules import converting, deciding, listing, transfer
from liaoyuan.affairs.admission.rules.acts import ACTS, BESIDE, CONVERT, VERDICTS, Act
from liaoyuan.affairs.admission.rules.findings import Call, Finding, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.order import order
from liaoyuan.affairs.admission.rules.progress import Progress


def check(
    act: Act, on: date, detail: Mapping[str, Any], state: Progress, limits: Limits, setting: Setting, *, today: date
) -> list[Finding]:
    """Everything against ``act`` on ``on``, refusals first. An empty list lets it pass."""
    found = [*order(act, on, detail, state, limits, today), *presupposed(act, detail, state)]
    if not found:
        special = _CHECKS.get(act)
        found = list(special(Call(on, detail, state, limits, setting))) if special else []
    return sorted(found, key=lambda finding: list(Weight).index(finding.weight))


def presupposed(act: Act, detail: Mapping[str, Any], state: Progress) -> Iterator[Finding]:
    """A step that the standing presupposes is filled in as it was done; a refusal would contradict the standing."""
    if act in BESIDE or ACTS[act].step not in state.assumed:
        return
    if any(detail.get(key) is False for key in VERDICTS) or detail.get("outcome", CONVERT) != CONVERT:
        words = "这一步按本人现在的政治面貌已经办成，这里只补登办成的那一次；以前没有通过的情况请写在说明或材料里。"
        yield Finding("presupposed", words)


_CHECKS: Mapping[Act, Callable[[Call], Iterator[Finding]]] = {
    Act.APPLY: listing.apply,
    Act.FILE_ACTIVIST: listing.superior,
    Act.MENTORS: listing.mentors,
    Act.CONSENT: listing.superior,
    Act.FILE_CANDIDATE: listing.superior,
    Act.PROPOSE: listing.propose,
    Act.POST: listing.post,
    Act.POSTED: listing.posted,
    Act.LIST: listing.listed,
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
    Act.COMMITTEE_CHECK: listing.committee_check,
    Act.EXAMINE: transfer.examine,
    Act.DISOWN: transfer.disown,
}
