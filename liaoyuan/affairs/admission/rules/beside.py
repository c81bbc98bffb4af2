"""What happens beside the steps of the chart: the person moves, leaves, comes back; his papers are examined; the case
is stopped. Folded by ``rules.progress``.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from liaoyuan.affairs.admission.rules.acts import Act, Happened
from liaoyuan.affairs.admission.rules.limits import Limits

if TYPE_CHECKING:
    from liaoyuan.affairs.admission.rules.progress import Progress

STOPPED, NOT_RECOGNISED = "stopped", "not_recognised"
LEFT = "left"  # out of service: goes on if he comes back
# Of the papers of somebody who moved: not looked at by the new branch, or found wanting.
TO_EXAMINE, NOT_PROVED = "to_examine", "not_proved"


def _move(state: "Progress", one: Happened, limits: Limits) -> None:
    """The new branch examines what the old one hands over: an activist's papers (DM-10), a probationer's (DM-45)."""
    state.moved_on = one.on
    if state.developing:
        state.papers, state.examined_on = TO_EXAMINE, None


def _examine(state: "Progress", one: Happened, limits: Limits) -> None:
    state.papers = "" if one.detail.get("qualified", True) else NOT_PROVED
    state.examined_on = one.on


def _disown(state: "Progress", one: Happened, limits: Limits) -> None:
    if one.detail.get("agreed", True):
        state.closed, state.standing = NOT_RECOGNISED, "masses"
    else:
        state.papers = TO_EXAMINE


def _leave(state: "Progress", one: Happened, limits: Limits) -> None:
    state.closed = state.closed or LEFT


def _return(state: "Progress", one: Happened, limits: Limits) -> None:
    if state.closed == LEFT:
        state.closed = ""


def _stop(state: "Progress", one: Happened, limits: Limits) -> None:
    state.closed = STOPPED
    state.standing = str(one.detail.get("standing", "masses"))


FOLDS: Mapping[Act, Callable[["Progress", Happened, Limits], None]] = MappingProxyType(
    {
        Act.MOVE: _move,
        Act.EXAMINE: _examine,
        Act.DISOWN: _disown,
        Act.LEAVE: _leave,
        Act.RETURN: _return,
        Act.STOP: _stop,
    }
)
