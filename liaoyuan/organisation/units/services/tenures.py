"""Grants that come with a post: they begin and end with the tenure. Called by the app that keeps tenures."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import assert_not_admin
from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import bus
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.events import GrantsChanged
from liaoyuan.organisation.units.models import Grant, GrantSource, Post, Role, Unit
from liaoyuan.organisation.units.services.lock import unit_for_path
from liaoyuan.organisation.units.services.recheck import delegations_recheck, grants_close
from liaoyuan.organisation.units.services.totp import totp_recompute


def role_of_post(post: Post, unit: Unit) -> Role | None:
    """The role that holding ``post`` gives over ``unit``, by the unit's kind ("*" = any other); None for none."""
    code = post.roles.get(unit.kind) or post.roles.get("*")
    return Role.objects.filter(code=code).first() if code else None


def grants_of_tenure(
    *,
    user: User | None,
    tenure_id: UUID,
    post: Post,
    unit: Unit,
    since: date,
    until: date | None,
    actor: Actor | None = None,
) -> Grant | None:
    """Make the grant of one tenure what the tenure now says; safe to repeat. ``until`` is the last day (included).

    The caller has authorised (``assert_may_give`` keeps posts from giving more than the actor holds). Returns the
    grant; None where the person has no account or the post gives no role. Raises Conflict for an administrator's
    account.
    """
    actor = actor or Actor.system("任职变动")
    with unit_of_work():
        unit = unit_for_path(unit.pk)
        role = role_of_post(post, unit)
        mine = Grant.objects.unscoped("grants of this tenure").filter(source=GrantSource.TENURE, source_id=tenure_id)
        keep = mine.filter(user=user, role=role, unit=unit) if user is not None and role is not None else mine.none()
        surplus = list(mine.exclude(pk__in=keep.values("pk")).select_related("role", "unit", "user"))
        touched = {row.user_id for row in surplus}
        for row in surplus:
            _drop(row, actor, reason=_("任职有变"))
        grant = None
        if user is not None and role is not None:
            grant = _upsert(actor, user, role, unit, tenure_id, post, since, until)
            touched.add(user.pk)
        totp_recompute(touched)
        delegations_recheck(givers=touched, actor=actor)
        bus.publish(GrantsChanged(user_ids=tuple(touched)))
    return grant


def _upsert(
    actor: Actor, user: User, role: Role, unit: Unit, tenure_id: UUID, post: Post, since: date, until: date | None
) -> Grant:
    assert_not_admin(user)
    reason = _("任%(unit)s%(post)s") % {"unit": unit.name, "post": post.name}
    values = {"since": since, "until": until, "path": unit.path, "reason": reason[:200]}
    grant, created = Grant.objects.unscoped("grants of this tenure").get_or_create(
        user=user, role=role, unit=unit, source=GrantSource.TENURE, source_id=tenure_id, defaults=values
    )
    changed = {name for name, value in values.items() if getattr(grant, name) != value}
    reopen = grant.ended_at is not None and unit.dissolved_on is None
    if not created and (changed or reopen):
        for name, value in values.items():
            setattr(grant, name, value)
        if reopen:
            grant.ended_at, grant.end_reason = None, ""
        grant.save()
    if created or changed or reopen:
        audit.record(
            actor,
            "units.grant_by_tenure",
            object_type="units.grant",
            object_id=grant.pk,
            object_label=f"{user.display_name}：{unit.name} {role.name}"[:160],
            reason=reason,
            detail={"since": since, "until": until, "tenure": tenure_id},
        )
    return grant


def grants_drop_for_source(
    *, source_id: UUID, source: str = GrantSource.TENURE, actor: Actor | None = None, reason: str = ""
) -> int:
    """Take back every grant of one source: the tenure was recorded by mistake. Returns how many were running."""
    actor = actor or Actor.system("任职变动")
    with unit_of_work():
        rows = Grant.objects.unscoped("grants of this source").filter(source=source, source_id=source_id)
        running = [row for row in rows.select_related("role", "unit", "user") if row.ended_at is None]
        for row in running:
            _drop(row, actor, reason=reason or _("任职记录已删除"))
        users = {row.user_id for row in running}
        totp_recompute(users)
        delegations_recheck(givers=users, actor=actor)
    return len(running)


def _drop(row: Grant, actor: Actor, *, reason: str) -> None:
    """End what was in force; delete what never was, so that the past shows no grant nobody had."""
    if row.since > today():
        row.delete()
    elif row.ended_at is None:
        grants_close([row], actor=actor, reason=reason)
