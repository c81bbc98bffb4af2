"""Reading grants: who may act in a unit, and what one person may do, where, and why."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel import paths
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import registry
from liaoyuan.organisation.units.models import Grant, GrantSource, Role, Unit
from liaoyuan.organisation.units.policies import NOT_DELEGABLE, Capability, can_see_access
from liaoyuan.organisation.units.registry import AccessLine
from liaoyuan.organisation.units.wording import capability_words

# Written by hand, because every request asks it: built by the ORM it costs four times as much. The same text serves
# both databases; a test compares it with ``GrantQuerySet.current``.
_CURRENT = """
SELECT held.path, held.source, role.capabilities
FROM units_grant held JOIN units_role role ON role.id = held.role_id
WHERE held.user_id = %s AND held.ended_at IS NULL AND held.since <= %s
    AND (held."until" IS NULL OR held."until" >= %s)
"""


def grant_pairs(user: Any) -> Iterable[tuple[str, str]]:
    """The kernel's grant source: ``(capability, path)`` of today's grants, one query. Administrators hold none,
    whatever the table says; a delegated grant carries no power to grant or delegate on."""
    if user.admin_kind:
        return []
    day = today().isoformat()
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, [user.pk.hex, day, day])
        rows = cursor.fetchall()
    pairs = []
    for path, source, capabilities in rows:
        for capability in json.loads(capabilities):
            if source != GrantSource.DELEGATION or capability not in NOT_DELEGABLE:
                pairs.append((capability, path))
    return pairs


@dataclass(frozen=True, slots=True)
class UnitGrant:
    """A grant that reaches a unit; ``inherited`` where it lies over an ancestor. ``when``: now | later | past."""

    grant: Grant
    inherited: bool
    when: str


def unit_grants(actor: Actor, unit: Unit, *, past: bool = False) -> list[UnitGrant]:
    """Who may act in ``unit``: grants over it and over its ancestors, the nearest first; with ``past``, ended ones too.
    NotPermitted without ``units.view_access`` there. Grants over ancestors are shown: they act here."""
    can_see_access(actor, unit).require()
    above = paths.ancestors(unit.path, include_self=True)
    rows = Grant.objects.unscoped("whoever may see the access here may see who has it from above")
    rows = rows.filter(path__in=above).select_related("user", "role", "unit", "given_by")
    day = today()
    running = Q(ended_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=day))
    if not past:
        rows = rows.filter(running)
    found = []
    for row in rows.order_by("-path", "role__order", "since"):
        over = row.ended_at is not None or (row.until is not None and row.until < day)
        when = "past" if over else "later" if row.since > day else "now"
        found.append(UnitGrant(row, inherited=row.unit_id != unit.pk, when=when))
    return found


def grant_get(actor: Actor, grant_id: UUID) -> Grant:
    """A grant the actor gave, or one over a unit where he may see the access. NotInScope else."""
    rows = Grant.objects.unscoped("narrowed below").select_related("user", "role", "unit", "unit__parent")
    condition = Grant.scope.filter(actor, Capability.VIEW_ACCESS)
    mine = Q(given_by=actor.user_id) if actor.user_id is not None else Q(pk__in=[])
    found = rows.filter(pk=grant_id).filter(Q() if condition is None else condition | mine).first()
    if found is None:
        raise NotInScope()
    return found


def delegations_given(actor: Actor) -> list[Grant]:
    """Delegations that the actor gave and that run or will run."""
    if actor.user_id is None:
        return []
    rows = Grant.objects.unscoped("one's own delegations").filter(source=GrantSource.DELEGATION, ended_at__isnull=True)
    rows = rows.filter(given_by=actor.user_id).exclude(until__lt=today())
    return list(rows.select_related("user", "role", "unit").order_by("until"))


@dataclass(frozen=True, slots=True)
class Access:
    """What a user may do: ``by_capability`` lists (words, capability, lines) for every capability held today; ``later``
    are lines that have not begun."""

    user: User
    by_capability: tuple[tuple[str, str, tuple[AccessLine, ...]], ...]
    lines: tuple[AccessLine, ...]
    later: tuple[AccessLine, ...]
    narrowed: bool


def access_of(actor: Actor, user_id: UUID) -> Access:
    """What the account may do, where, and why: every capability × unit with the chain that gave it, from–until.

    One's own is complete. Another's shows what lies in the actor's ``units.view_access`` reach. NotPermitted where the
    account acts in units that the actor sees, but not with that capability; NotInScope where it acts in none of them:
    an unknown account looks the same.
    """
    own = actor.user_id == user_id
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotInScope()
    grants, later = _grant_lines(user)
    lines = [*grants, *registry.access_lines(user)]
    seen = [line for line in lines if own or actor.covers(Capability.VIEW_ACCESS, line.path)]
    soon = [line for line in later if own or actor.covers(Capability.VIEW_ACCESS, line.path)]
    if not own and not seen and not soon and not actor.covers(Capability.VIEW_ACCESS, ""):
        if any(actor.covers(Capability.VIEW, line.path) for line in (*lines, *later)):
            raise NotPermitted(_("您没有查看他人权限的权限。您可以在“我的权限”查看自己的。"))
        raise NotInScope()
    names = sorted({name for line in seen for name in line.capabilities})
    table = tuple(
        (capability_words(name), name, tuple(line for line in seen if name in line.capabilities)) for name in names
    )
    return Access(user, table, tuple(seen), tuple(soon), narrowed=len(seen) + len(soon) < len(lines) + len(later))


def _grant_lines(user: User) -> tuple[list[AccessLine], list[AccessLine]]:
    if user.admin_kind:
        return [], []
    rows = Grant.objects.unscoped("one user's grants, narrowed by the caller").filter(user=user, ended_at__isnull=True)
    rows = rows.exclude(until__lt=today()).select_related("role", "unit", "given_by").order_by("path", "role__order")
    now: list[AccessLine] = []
    later: list[AccessLine] = []
    for row in rows:
        (later if row.since > today() else now).append(_line(row))
    return now, later


def _line(row: Grant) -> AccessLine:
    delegated = row.source == GrantSource.DELEGATION
    held = [name for name in row.role.capabilities if not delegated or name not in NOT_DELEGABLE]
    giver = row.given_by.display_name if row.given_by is not None else _("系统")
    names = {"giver": giver, "reason": row.reason, "role": row.role.name, "unit": row.unit.name}
    if row.source == GrantSource.TENURE:
        chain = [row.reason or _("任职"), _("该职务在“%(unit)s”赋予角色“%(role)s”") % names]
    elif delegated:
        chain = [_("%(giver)s委托（%(reason)s）") % names, _("代行角色“%(role)s”，不含再委托和授权") % names]
    else:
        chain = [_("%(giver)s指定（%(reason)s）") % names, _("角色“%(role)s”") % names]
    return AccessLine(
        title=row.role.name,
        capabilities=tuple(held),
        unit_id=row.unit_id,
        unit_name=row.unit.name,
        path=row.path,
        since=row.since,
        until=row.until,
        chain=(*chain, _("适用于“%(unit)s”及其全部下级") % names),
        source=row.source,
    )


def role_check(user: User) -> str:
    """Why ``user`` cannot become one of the three administrators: he holds a grant that runs or will run; "" else."""
    rows = Grant.objects.unscoped("whether he holds any").filter(user=user, ended_at__isnull=True)
    held = rows.exclude(until__lt=today()).select_related("role", "unit").first()
    if held is None:
        return ""
    names = {"unit": held.unit.name, "role": held.role.name}
    return _("该账号在“%(unit)s”持有“%(role)s”权限。三员不得兼任组织职权，请先收回。") % names


def accounts_beyond(actor: Actor, user_ids: Iterable[UUID]) -> set[UUID]:
    """Those of ``user_ids`` whose grants, running or to come, hold anything that the actor does not hold at that unit:
    he must not get hold of such an account. One query."""
    rows = Grant.objects.unscoped("compares powers, shows none").filter(user__in=user_ids, ended_at__isnull=True)
    rows = rows.exclude(until__lt=today())
    found = rows.values_list("user_id", "path", "source", "role__capabilities")
    return {
        user_id
        for user_id, path, source, capabilities in found
        for capability in capabilities
        if not (actor.covers(capability, path) or (source == GrantSource.DELEGATION and capability in NOT_DELEGABLE))
    }


def roles() -> list[Role]:
    """Every role in order."""
    return list(Role.objects.order_by("order"))


def user_by_account(text: str) -> User | None:
    """The one active account whose name (账号) or, where it is the only one, whose owner's name is ``text``."""
    exact = User.objects.filter(username=User.normalize_username(text), is_active=True).first()
    if exact is not None:
        return exact
    named = list(User.objects.filter(display_name=text.strip(), is_active=True)[:2])
    return named[0] if len(named) == 1 else None
