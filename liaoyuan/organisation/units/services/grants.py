"""Giving and ending grants. Nobody can grant more than they hold, and what was delegated is not passed on.

Lock order: unit row → account row. The unit's row lock keeps a concurrent move from leaving a stale path behind, the
account's keeps a concurrent appointment as administrator from slipping past the check.
"""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import assert_not_admin
from liaoyuan.foundation.audit import services as audit
from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import bus
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import policies
from liaoyuan.organisation.units.events import GrantsChanged
from liaoyuan.organisation.units.holding import held_until, missing
from liaoyuan.organisation.units.models import Grant, GrantSource, Role, Unit
from liaoyuan.organisation.units.services.changes import check_alive
from liaoyuan.organisation.units.services.holdings import own_holdings
from liaoyuan.organisation.units.services.lock import unit_for_path
from liaoyuan.organisation.units.services.recheck import grants_close
from liaoyuan.organisation.units.services.totp import totp_recompute
from liaoyuan.organisation.units.wording import capability_words


def grant_give(
    *,
    actor: Actor,
    user: User,
    role: Role,
    unit: Unit,
    reason: str,
    since: date | None = None,
    until: date | None = None,
) -> Grant:
    """Appoint ``user`` to ``role`` over ``unit`` from ``since`` (today) to ``until`` (None = until taken back).

    Raises NotPermitted without ``units.grant`` there or where the role holds a capability that the actor does not hold
    there by himself; DomainError for an administrator, oneself, a day that has passed; Conflict for a double.
    """
    policies.can_grant(actor, unit).require()
    since = since or today()
    _check_days(since, until)
    reason = _check_reason(reason)
    with unit_of_work():
        unit = unit_for_path(unit.pk)
        policies.can_grant(actor, unit).require()
        user = _receiver(actor, user, unit)
        assert_may_give(actor, role, unit)
        _check_double(user, role, unit, since, until)
        grant = Grant.objects.create(
            user=user,
            role=role,
            unit=unit,
            path=unit.path,
            since=since,
            until=until,
            source=GrantSource.APPOINTMENT,
            given_by_id=actor.user_id,
            reason=reason,
        )
        _given(actor, grant, "units.grant_give")
    return grant


def delegation_give(
    *, actor: Actor, to_user: User, role: Role, unit: Unit, until: date, reason: str, since: date | None = None
) -> Grant:
    """Let ``to_user`` act as ``role`` over ``unit`` from ``since`` (today) to ``until``, in the actor's own place.

    It ends by itself, at the latest after ``platform.delegation_most`` days or with the giver's own post. Raises
    NotPermitted where the actor does not hold ``units.delegate`` and every capability of the role at the unit, by
    himself, for the whole time; DomainError and Conflict as ``grant_give``.
    """
    policies.can_delegate(actor, unit).require()
    since = since or today()
    _check_days(since, until)
    most = limits_at(unit.path)("platform.delegation_most", today())
    if (until - since).days + 1 > most.value:
        raise DomainError(
            _("委托最长 %(days)s 天。请缩短委托期限。") % {"days": most.value}, field="until", clause=most.clause
        )
    reason = _check_reason(reason)
    if actor.user_id is None:
        raise NotPermitted(_("委托须由本人办理。"))
    with unit_of_work():
        unit = unit_for_path(unit.pk)
        policies.can_delegate(actor, unit).require()
        to_user = _receiver(actor, to_user, unit)
        holdings = own_holdings([actor.user_id])[actor.user_id]
        needed = {*role.capabilities, policies.Capability.DELEGATE.value}
        lacking = missing(holdings, needed, path=unit.path, since=since, until=until)
        if lacking:
            _refuse_delegation(holdings, needed, lacking, unit, since)
        _check_double(to_user, role, unit, since, until)
        grant = Grant.objects.create(
            user=to_user,
            role=role,
            unit=unit,
            path=unit.path,
            since=since,
            until=until,
            source=GrantSource.DELEGATION,
            given_by_id=actor.user_id,
            reason=reason,
        )
        _given(actor, grant, "units.delegation_give")
    return grant


def grant_end(*, actor: Actor, grant: Grant, reason: str) -> Grant:
    """Take a grant back at once. Raises NotPermitted for a grant of a post (it ends with the post) and for whoever is
    neither its giver (a delegation) nor may grant there; Conflict where it has ended already."""
    policies.can_end_grant(actor, grant).require()
    reason = _check_reason(reason)
    with unit_of_work():
        rows = Grant.objects.unscoped("authorised").select_related("role", "unit", "user")
        locked = rows.select_for_update(of=("self",)).filter(pk=grant.pk).first()
        if locked is None:
            raise NotInScope()
        policies.can_end_grant(actor, locked).require()
        if locked.ended_at is not None or (locked.until is not None and locked.until < today()):
            raise Conflict(_("这项权限已经终止，不必再收回。"))
        grants_close([locked], actor=actor, reason=reason)
    return locked


def assert_may_give(actor: Actor, role: Role, unit: Unit) -> None:
    """Raise NotPermitted where ``role`` holds a capability that ``actor`` does not hold at ``unit`` by himself today.
    Apps that give roles by other acts (a tenure gives its post's role) call this too."""
    if actor.everything:
        return
    if actor.user_id is None:
        raise NotPermitted(_("请先登录。"))
    holdings = own_holdings([actor.user_id])[actor.user_id]
    lacking = missing(holdings, role.capabilities, path=unit.path, since=today(), until=today())
    if lacking:
        names = {"role": role.name, "unit": unit.name, "lacking": _words(lacking)}
        raise NotPermitted(
            _("您自己在“%(unit)s”没有“%(lacking)s”的权限，不能授予“%(role)s”。谁也不能授出自己没有的权限。") % names
        )


def access_seen(*, actor: Actor, user: User) -> None:
    """Write down that somebody looked at what another may do."""
    audit.record(
        actor,
        "units.view_access",
        object_type="account",
        object_id=user.pk,
        object_label=f"{user.display_name}（{user.username}）",
    )


def roles_givable(actor: Actor, unit: Unit, roles: Sequence[Role]) -> list[Role]:
    """Those of ``roles`` whose every capability the actor holds at ``unit`` by himself today."""
    if actor.everything:
        return list(roles)
    if actor.user_id is None:
        return []
    holdings = own_holdings([actor.user_id])[actor.user_id]
    day = today()
    return [role for role in roles if not missing(holdings, role.capabilities, path=unit.path, since=day, until=day)]


def _refuse_delegation(holdings: list, needed: set[str], lacking: Sequence[str], unit: Unit, since: date) -> None:
    held, last = held_until(holdings, sorted(needed), path=unit.path, since=since)
    if held and last is not None:
        raise DomainError(_("您自己的职权到 %(last)s 为止，委托不能超过这一天。") % {"last": last}, field="until")
    names = {"unit": unit.name, "lacking": _words(lacking)}
    raise NotPermitted(
        _("您自己在“%(unit)s”没有“%(lacking)s”的职权，不能委托给他人；受委托得来的也不能再委托。") % names
    )


def _words(capabilities: Sequence[str]) -> str:
    return "、".join(capability_words(capability) for capability in capabilities)


def _check_days(since: date, until: date | None) -> None:
    if since < today():
        raise DomainError(_("起始日期不能早于今天，授权不能倒签。"), field="since")
    if until is not None and until < since:
        raise DomainError(_("终止日期早于起始日期。请核对两个日期。"), field="until")


def _check_reason(reason: str) -> str:
    reason = reason.strip()
    if not 2 <= len(reason) <= 200:
        raise DomainError(_("请写明理由（2 至 200 个字）。"), field="reason")
    return reason


def _receiver(actor: Actor, user: User, unit: Unit) -> User:
    """The account that receives, locked: active, no administrator, not oneself; the unit must live."""
    check_alive(unit)
    assert_not_admin(user)
    user = User.objects.get(pk=user.pk)
    if not user.is_active:
        raise DomainError(_("账号“%(name)s”已停用，不能授权。") % {"name": user.display_name}, field="user")
    if user.pk == actor.user_id:
        raise DomainError(_("不能给自己授权。请由另一位有权限的人办理。"), field="user")
    return user


def _check_double(user: User, role: Role, unit: Unit, since: date, until: date | None) -> None:
    rows = Grant.objects.unscoped("looks for a double").filter(user=user, role=role, unit=unit, ended_at__isnull=True)
    rows = rows.exclude(source=GrantSource.TENURE).exclude(until__lt=since)
    if until is not None:
        rows = rows.exclude(since__gt=until)
    if rows.exists():
        names = {"name": user.display_name, "unit": unit.name, "role": role.name}
        raise Conflict(_("“%(name)s”在“%(unit)s”已有期限重叠的“%(role)s”。请先收回原来的，或改期限。") % names)


def _given(actor: Actor, grant: Grant, action: str) -> None:
    audit.record(
        actor,
        action,
        object_type="units.grant",
        object_id=grant.pk,
        object_label=f"{grant.user.display_name}：{grant.unit.name} {grant.role.name}"[:160],
        reason=grant.reason,
        detail={"since": grant.since, "until": grant.until, "source": grant.source},
    )
    totp_recompute({grant.user_id})
    bus.publish(GrantsChanged(user_ids=(grant.user_id,)))
