"""What an app that keeps a kind of fact has to say where somebody writes one down by hand.

An app that owns case files registers its keeper: the fact is judged by its rules and gets into its file in the same
transaction, or is refused with the clause. Kinds without a keeper are the chronicle's alone.
"""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from liaoyuan.kernel.results import Allowed, Decision
from liaoyuan.kernel.scoping import Actor


class Keeper(Protocol):
    """An app that keeps files about what is written down."""

    def may(self, actor: Actor, kind: str, person_id: UUID | None) -> Decision:
        """Whether the actor may write down a fact of this kind about that person."""

    def take(self, actor: Actor, fact: Any) -> None:
        """Take a fact that was just written, inside its transaction. Raises DomainError where the rules refuse it."""

    def holds(self, fact: Any) -> bool:
        """Whether the app's file took the fact, so that it is mended there and nowhere else."""


_keepers: dict[str, Keeper] = {}


def keep(kinds: Iterable[str], keeper: Keeper) -> None:
    """Let an app keep these kinds, from ``AppConfig.ready``."""
    _keepers.update(dict.fromkeys(kinds, keeper))


def may_write(actor: Actor, kind: str, person_id: UUID | None) -> Decision:
    """Whether whoever keeps the kind lets the actor write it down."""
    keeper = _keepers.get(kind)
    return keeper.may(actor, kind, person_id) if keeper is not None else Allowed()


def taken(actor: Actor, fact: Any) -> None:
    """Hand a fact that was just written by hand to whoever keeps its kind. Raises NotPermitted, and DomainError with
    the clause where a rule refuses."""
    keeper = _keepers.get(fact.kind)
    if keeper is not None:
        keeper.may(actor, fact.kind, fact.person_id).require()
        keeper.take(actor, fact)


def mended_elsewhere(fact: Any) -> bool:
    """Whether a fact is corrected and withdrawn in the file that took it."""
    keeper = _keepers.get(fact.kind)
    return keeper is not None and keeper.holds(fact)
