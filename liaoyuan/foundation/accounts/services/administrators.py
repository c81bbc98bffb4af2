"""The three administrators (SC-12): exclusive of each other and of any organisation role."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.events import AdministratorAppointed
from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.foundation.accounts.policies import can_manage
from liaoyuan.foundation.accounts.services.sessions import end_sessions_of
from liaoyuan.foundation.accounts.services.tokens import revoke_tokens_of
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor

RoleCheck = Callable[[User], str]
_role_checks: list[RoleCheck] = []


def register_role_check(check: RoleCheck) -> RoleCheck:
    """Register, from ``AppConfig.ready``, a function that says in a sentence why a user cannot become an administrator
    (he holds a grant, he is a person of the roster), or "" where nothing speaks against it."""
    if check not in _role_checks:
        _role_checks.append(check)
    return check


def assert_not_admin(user: User) -> None:
    """Call before a grant, a tenure or a person is tied to ``user``, inside the same unit of work.

    Locks the account's row, so that he is not made an administrator at the same moment. Raises Conflict.
    """
    kind = User.objects.select_for_update().values_list("admin_kind", flat=True).get(pk=user.pk)
    if kind:
        raise Conflict(
            _("%(name)s 是%(kind)s。三员相互独立，也不得兼任任何组织角色；请先由安全管理员解除其管理员身份。")
            % {"name": user.display_name, "kind": AdminKind(kind).label}
        )


def administrator_appoint(*, actor: Actor, user: User, kind: str, reason: str) -> User:
    """Make an account one of the three administrators. Raises Conflict where it is one already or where a role check
    objects; NotPermitted for one's own account."""
    with unit_of_work():
        can_manage(actor, user).require()
        if kind not in AdminKind.values or kind == AdminKind.NONE:
            raise DomainError(_("请选择系统、安全或审计管理员。"), field="kind")
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            raise Conflict(_("账号已停用，请先启用再任命。"))
        if user.admin_kind:
            raise Conflict(
                _("%(name)s 已是%(kind)s。三员不得兼任，请先解除。")
                % {"name": user.display_name, "kind": AdminKind(user.admin_kind).label}
            )
        for check in _role_checks:
            if objection := check(user):
                raise Conflict(objection)
        return _set(actor, user, kind, "accounts.administrator_appoint", reason)


def administrator_demote(*, actor: Actor, user: User, reason: str) -> User:
    """End an account's being an administrator. Raises Conflict where no security administrator would be left to appoint
    another."""
    with unit_of_work():
        can_manage(actor, user).require()
        # Both of two security administrators might dismiss each other at once: they are locked together.
        security = list(
            User.objects.select_for_update().filter(admin_kind=AdminKind.SECURITY, is_active=True).order_by("id")
        )
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.admin_kind:
            raise Conflict(_("%(name)s 不是管理员。") % {"name": user.display_name})
        if [one.pk for one in security] == [user.pk]:
            raise Conflict(_("这是唯一的安全管理员，解除后无人能管理账号。请先任命另一位安全管理员。"))
        return _set(actor, user, AdminKind.NONE, "accounts.administrator_demote", reason)


def _set(actor: Actor, user: User, kind: str, action: str, reason: str) -> User:
    before, user.admin_kind = user.admin_kind, kind
    user.save(update_fields=["admin_kind"])
    end_sessions_of(user, actor=actor, reason=_("管理员身份变更"))
    revoke_tokens_of(user, actor=actor, reason=_("管理员身份变更"))
    record(
        actor,
        action,
        object_type="account",
        object_id=user.pk,
        object_label=user.username,
        reason=reason,
        detail={"before": before, "after": kind},
    )
    bus.publish(AdministratorAppointed(user.pk, kind))
    return user
