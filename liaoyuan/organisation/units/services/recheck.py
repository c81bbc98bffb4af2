"""Delegations end when their giver no longer holds what he gave; grants end with their unit."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import bus
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.events import GrantsChanged
from liaoyuan.organisation.units.holding import missing
from liaoyuan.organisation.units.models import Grant, GrantSource
from liaoyuan.organisation.units.services.holdings import own_holdings
from liaoyuan.organisation.units.services.totp import totp_recompute


def delegations_recheck(
    *, actor: Actor, givers: Collection[UUID] | None = None, under: Iterable[str] = ()
) -> list[Grant]:
    """Take back every running delegation that its giver could no longer give today: of ``givers``, or in the subtrees
    at ``under``. A delegation that begins later is judged on its first day by the nightly job."""
    rows = Grant.objects.unscoped("judges delegations by what their givers hold").current(today())
    rows = rows.filter(source=GrantSource.DELEGATION, given_by__isnull=False).select_related("role", "unit", "user")
    if givers is not None:
        rows = rows.filter(given_by__in=givers)
    else:
        where = Q(pk__in=[])
        for prefix in under:
            where |= Q(path__gte=prefix, path__lt=upper(prefix))
        rows = rows.filter(where)
    delegations = list(rows)
    held = own_holdings({row.given_by_id for row in delegations if row.given_by_id is not None})
    ended = []
    for row in delegations:
        if row.given_by_id is None:
            continue
        lost = missing(held[row.given_by_id], row.role.capabilities, path=row.path, since=today(), until=today())
        if lost:
            grants_close([row], actor=actor, reason=_("委托人已不再有这项职权"))
            ended.append(row)
    return ended


def grants_end_with_units(unit_ids: Collection[UUID], *, reason: str) -> None:
    """Take back every grant over units that have ended."""
    rows = Grant.objects.unscoped("ends with the unit").filter(unit__in=unit_ids, ended_at__isnull=True)
    rows = rows.filter(Q(until__isnull=True) | Q(until__gte=today())).select_related("role", "unit", "user")
    grants_close(list(rows), actor=Actor.system("组织撤销"), reason=_("组织撤销：%(reason)s") % {"reason": reason})


def grants_close(rows: list[Grant], *, actor: Actor, reason: str) -> None:
    """Take grants back at once: ``ended_at`` is now, the last day today; audited one by one. Delegations that rested
    on them follow, and the duty of a second factor is recomputed."""
    if not rows:
        return
    for row in rows:
        row.ended_at = now()
        row.end_reason = reason[:200]
        if row.until is None or row.until > today():
            row.until = max(row.since, today())
        row.save(update_fields=["ended_at", "end_reason", "until"])
        audit.record(
            actor,
            "units.grant_end",
            object_type="units.grant",
            object_id=row.pk,
            object_label=f"{row.user.display_name}：{row.unit.name} {row.role.name}"[:160],
            reason=reason,
        )
    users = {row.user_id for row in rows}
    totp_recompute(users)
    bus.publish(GrantsChanged(user_ids=tuple(users)))
    own = {row.user_id for row in rows if row.source != GrantSource.DELEGATION}
    if own:
        delegations_recheck(givers=own, actor=actor)
