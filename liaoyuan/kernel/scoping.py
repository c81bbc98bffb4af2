"""Who acts, and how far they may see: ``Actor`` and ``Model.objects.visible_to(actor, capability)``.

An actor is built once per request, socket or job and passed explicitly; there is no thread-local scope. Each app
registers a *grant source*: a function from a user to ``(capability, path prefix)`` pairs. A model declares its
``scope`` beside its fields; the same declaration serves the list filter and the object check.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from liaoyuan.kernel import paths
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.results import Allowed, Decision, Denied

EVERYWHERE = ("",)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or machine that acts. ``grants`` maps a capability to minimal, sorted path prefixes ("" = everything).

    ``person_id`` is the actor's own Person, if any. ``via`` is web, api, socket, job or cli; ``address`` the client's
    network address. ``everything`` is for the system itself and never for a user.
    """

    user_id: UUID | None
    name: str
    person_id: UUID | None = None
    grants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    via: str = "web"
    address: str = ""
    everything: bool = False

    def reach(self, capability: str) -> tuple[str, ...]:
        """Prefixes of the subtrees where the actor holds ``capability``; () for nowhere."""
        return EVERYWHERE if self.everything else self.grants.get(str(capability), ())

    def holds(self, capability: str) -> bool:
        """Whether the actor holds ``capability`` anywhere."""
        return bool(self.reach(capability))

    def covers(self, capability: str, path: str) -> bool:
        """Whether the actor holds ``capability`` at the node with ``path``."""
        return any(paths.within(path, prefix) for prefix in self.reach(capability))

    def may(self, capability: str, path: str, *, reason: str) -> Decision:
        """Allowed, or Denied with ``reason``, for the node with ``path``."""
        return Allowed() if self.covers(capability, path) else Denied(reason)

    @classmethod
    def system(cls, why: str, *, via: str = "job") -> Self:
        """The platform itself, for jobs and the command line. ``why`` is what the audit trail shows."""
        return cls(user_id=None, name=f"系统（{why}）", via=via, everything=True)

    @classmethod
    def nobody(cls) -> Self:
        """A visitor who has not logged in."""
        return cls(user_id=None, name="未登录")


GrantSource = Callable[[Any], Iterable[tuple[str, str]]]
PersonSource = Callable[[Any], UUID | None]
_sources: list[GrantSource] = []
_person_source: list[PersonSource] = []


def grant_source(source: GrantSource) -> GrantSource:
    """Register where grants come from. Sources are pure reads of dated rows; they see the user, not the request."""
    if source not in _sources:
        _sources.append(source)
    return source


def person_source(source: PersonSource) -> PersonSource:
    """Register the one function that finds a user's Person id."""
    _person_source[:] = [source]
    return source


def actor_for(user: Any, *, via: str, address: str = "", only: Iterable[str] | None = None) -> Actor:
    """The actor of a logged-in ``user``; ``only`` narrows the capabilities (a token's)."""
    if not user.is_authenticated or not user.is_active:
        return Actor.nobody()
    collected: dict[str, set[str]] = {}
    allowed = None if only is None else set(only)
    for source in _sources:
        for capability, prefix in source(user):
            if allowed is None or capability in allowed:
                collected.setdefault(capability, set()).add(prefix)
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        person_id=_person_source[0](user) if _person_source else None,
        grants=MappingProxyType({name: paths.minimal(found) for name, found in collected.items()}),
        via=via,
        address=address,
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """How rows of a model lie in the tree: lookups of path columns, and of the person a row is about, if any.

    ``paths=("home_path", "attached_path")`` means: visible where either lies in reach. ``own="person_id"`` lets people
    see rows about themselves for the capabilities in ``own_capabilities``.
    """

    paths: tuple[str, ...]
    own: str = ""
    own_capabilities: frozenset[str] = frozenset()

    def filter(self, actor: Actor, capability: str) -> Q | None:
        """The condition for ``actor``; None where the actor reaches everything."""
        reach = actor.reach(capability)
        if "" in reach:
            return None
        condition = Q(pk__in=[])
        for prefix in reach:
            for lookup in self.paths:
                condition |= Q(**{f"{lookup}__gte": prefix, f"{lookup}__lt": paths.upper(prefix)})
        if self.own and actor.person_id and str(capability) in self.own_capabilities:
            condition |= Q(**{self.own: actor.person_id})
        return condition


class ScopedQuerySet(models.QuerySet):
    """Rows that know how to narrow themselves to what an actor may see."""

    def visible_to(self, actor: Actor, capability: str) -> Self:
        """Rows in the actor's reach for ``capability``. Both arguments are required: forgetting one is a TypeError."""
        condition = self.model.scope.filter(actor, capability)  # type: ignore[attr-defined]  # declared by the model
        return self if condition is None else self.filter(condition)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]  # dynamic base
    """The default manager of a scoped model. Selectors call ``visible_to``; services, which have authorised already,
    call ``unscoped(why)``. tests/architecture keeps plain ``.objects`` out of views, APIs and selectors."""

    def unscoped(self, why: str) -> ScopedQuerySet:
        """All rows. ``why`` is for the reader and must not be empty."""
        if not why:
            raise TypeError("unscoped() needs a reason")
        return self.get_queryset()


def fetch(rows: ScopedQuerySet, actor: Actor, *, see: str, need: str = "", reason: str = "", **lookup: Any) -> Any:
    """The one row of ``rows`` matching ``lookup`` that the actor may ``see``; NotInScope where there is none (unknown
    and out of scope look the same); NotPermitted with ``reason`` where ``need`` is not held at that row."""
    row = rows.visible_to(actor, see).filter(**lookup).first()
    if row is None:
        raise NotInScope()
    if need and not rows.visible_to(actor, need).filter(pk=row.pk).exists():
        raise NotPermitted(reason or "您没有办理这项工作的权限。")
    return row
