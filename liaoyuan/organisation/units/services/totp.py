"""Who must use a second factor: kept true on the account while a current grant asks for it (issue: brigade roles)."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.paths import upper
from liaoyuan.organisation.units.models import Grant


def totp_recompute(user_ids: Collection[UUID] | None = None) -> int:
    """Set ``must_use_totp`` of these accounts (None: of all) by their grants of today: true where a role needs it or
    the unit approves members (brigade level). Administrators are left alone: theirs never ends. Two set-based updates;
    returns how many accounts changed. Call it inside a unit of work, after the unit rows were locked."""
    asking = Grant.objects.unscoped("derives a column of the account").current(today())
    asking = asking.filter(Q(role__needs_totp=True) | Q(unit__can_approve_members=True)).values("user_id")
    users = User.objects.filter(admin_kind=AdminKind.NONE)
    if user_ids is not None:
        users = users.filter(pk__in=user_ids)
    begun = users.filter(must_use_totp=False, pk__in=asking).update(must_use_totp=True)
    ended = users.filter(must_use_totp=True).exclude(pk__in=asking).update(must_use_totp=False)
    return begun + ended


def totp_recompute_under(prefixes: Iterable[str]) -> int:
    """The same for everybody with a grant in the subtrees at ``prefixes``."""
    where = Q(pk__in=[])
    for prefix in prefixes:
        where |= Q(path__gte=prefix, path__lt=upper(prefix))
    holders = Grant.objects.unscoped("derives a column of the account").filter(where)
    return totp_recompute(set(holders.values_list("user_id", flat=True)))
