"""What an account holds by itself: posts and appointments, not what was delegated to it."""

from collections.abc import Collection
from uuid import UUID

from liaoyuan.kernel.clock import today
from liaoyuan.organisation.units.holding import Holding
from liaoyuan.organisation.units.models import Grant, GrantSource


def own_holdings(user_ids: Collection[UUID]) -> dict[UUID, list[Holding]]:
    """Holdings by account: grants not run out and not taken back, delegated ones left out. One query."""
    rows = Grant.objects.unscoped("reads what the givers hold").exclude(source=GrantSource.DELEGATION)
    rows = rows.filter(user__in=user_ids, ended_at__isnull=True).exclude(until__lt=today())
    found: dict[UUID, list[Holding]] = {user_id: [] for user_id in user_ids}
    for row in rows.select_related("role"):
        found[row.user_id].append(Holding(frozenset(row.role.capabilities), row.path, row.since, row.until))
    return found
