"""Who may fetch a file: the app that stored it says so. Registered in ``AppConfig.ready``."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Decision, Denied
from liaoyuan.kernel.scoping import Actor

Decide = Callable[[Actor, str], Decision]


@dataclass(frozen=True, slots=True)
class Gate:
    """``decide(actor, gate_key)`` answers for one row of the owning app; it may raise NotInScope. ``audited=False`` is
    for pictures that every page shows again."""

    name: str
    decide: Decide
    audited: bool = True


_gates: dict[str, Gate] = {}


def register(name: str, decide: Decide, *, audited: bool = True) -> None:
    """Register the gate ``name`` (``app.thing``)."""
    _gates[name] = Gate(name, decide, audited)


def known(name: str) -> bool:
    """Whether the gate is registered: nothing may be stored behind one that nobody opens."""
    return name in _gates


def audited(name: str) -> bool:
    """Whether fetching through the gate leaves a row in the trail."""
    gate = _gates.get(name)
    return gate is None or gate.audited


def decide(actor: Actor, name: str, key: str) -> Decision:
    """The gate's answer; Denied where nobody registered it (its app was taken out)."""
    gate = _gates.get(name)
    return Denied(_("这个文件所属的功能已停用，无法下载。")) if gate is None else gate.decide(actor, key)
