"""What admission adds to others' pages: where a duty is seen to."""

from typing import Any

from django.urls import reverse

from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.selectors.cases import open_case_of
from liaoyuan.kernel.scoping import Actor

# Duty rule → the act that closes it; None where it takes several.
_ACTS = {
    "DM-03": Act.TALK,
    "DM-07": Act.REVIEW,
    "DM-11": None,
    "DM-13": None,
    "DM-23": None,
    "DM-36": Act.APPROVE,
    "DM-36R": None,
    "DM-38": Act.OATH,
    "DM-39": None,
    "DM-40": None,
    "DM-43": Act.CONVERSION_APPROVE,
    "DM-43R": None,
    "DM-46": None,
}
DOORS = tuple(_ACTS)


def door(actor: Actor, duty: Any) -> str:
    """The form of the act that closes the duty, or the case where the actor may not do it or it takes several acts."""
    case = open_case_of(actor, duty.person_id)
    if case is None:
        return ""
    act = _ACTS[duty.rule]
    if act is not None and can_act(actor, case, act):
        return reverse("admission:act", args=[case.pk, act])
    return reverse("admission:case", args=[case.pk])
