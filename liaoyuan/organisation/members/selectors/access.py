"""Who a user is, and what belonging to a branch lets everybody do."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.members.policies import MEMBER_ROLE
from liaoyuan.organisation.units.models import Role
from liaoyuan.organisation.units.registry import AccessLine

_STASH = "_liaoyuan_person_id"


# By hand for the same reason as units' ``grant_pairs``: every request asks it.
_BELONGS = """
SELECT person.id, person.active, unit.path, person.attached_path,
    (SELECT capabilities FROM units_role WHERE code = %s)
FROM members_person person LEFT JOIN units_unit unit ON unit.id = person.unit_id
WHERE person.user_id = %s
"""


def membership_pairs(user: Any) -> Iterable[tuple[str, str]]:
    """The kernel's grant source: what the role ``member`` says, over the own branch and the one attached to. One query
    for both this and ``person_id_of``, which the kernel calls right afterwards. Administrators hold none."""
    user.__dict__.pop(_STASH, None)
    if user.admin_kind:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BELONGS, [MEMBER_ROLE, user.pk.hex])
        row = cursor.fetchone()
    if row is None:
        user.__dict__[_STASH] = None
        return []
    key, active, home, attached, held = row
    user.__dict__[_STASH] = key if isinstance(key, UUID) else UUID(key)  # SQLite keeps its 32 digits
    if not active or not held:
        return []
    return [(capability, path) for path in (home, attached) if path for capability in json.loads(held)]


def person_id_of(user: Any) -> UUID | None:
    """The Person of a user, if any."""
    if _STASH in user.__dict__:
        return user.__dict__.pop(_STASH)
    return Person.objects.unscoped("who the actor is").filter(user=user).values_list("id", flat=True).first()


def membership_access(user: Any) -> Sequence[AccessLine]:
    """The same with its chain, for the page "what may this person do, where, and why"."""
    if user.admin_kind:
        return ()
    role = Role.objects.filter(code=MEMBER_ROLE).first()
    rows = Membership.objects.filter(person__user=user, person__active=True, until__isnull=True).select_related("unit")
    if role is None:
        return ()
    return [
        AccessLine(
            title=role.name,
            capabilities=tuple(role.capabilities),
            unit_id=row.unit_id,
            unit_name=row.unit.name,
            path=row.unit.path,
            since=row.since,
            until=None,
            chain=(f"{MembershipKind(row.kind).label}：{row.unit.name}", f"角色：{role.name}"),
            source=row.kind,
        )
        for row in rows
    ]
