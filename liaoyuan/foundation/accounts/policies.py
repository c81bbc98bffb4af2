"""Who may do what with accounts."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """What may be granted over accounts."""

    VIEW = "accounts.view"
    MANAGE = "accounts.manage"
    INITIAL_CODES = "accounts.initial_codes"


def can_view_accounts(actor: Actor) -> Decision:
    """The list of accounts is the security administrator's."""
    if actor.holds(Capability.VIEW):
        return Allowed()
    return Denied(_("账号管理由安全管理员负责，您没有查看全部账号的权限。"))


def can_manage(actor: Actor, user: User | None = None, *, by: str = "") -> Decision:
    """Whether ``actor`` may change ``user`` (None: make a new one).

    ``by`` names the capability under which a higher app has authorised this very act already (it knows the tree,
    accounts does not); the actor must really hold it, and it never reaches an administrator's account.
    """
    if user is not None and user.pk == actor.user_id:
        return Denied(_("不能办理自己的账号，请由另一位安全管理员办理。"))
    if actor.holds(Capability.MANAGE):
        return Allowed()
    if by and actor.holds(by):
        if user is not None and user.admin_kind:
            return Denied(_("这是管理员账号，只能由安全管理员办理。"))
        return Allowed()
    return Denied(_("账号管理由安全管理员负责，您没有办理账号的权限。"))


def can_issue_initial_codes(actor: Actor, user: User, *, by: str = Capability.INITIAL_CODES) -> Decision:
    """Initial codes are handed out by whoever manages the people (the page checks whose) or the accounts."""
    return can_manage(actor, user, by=by)


def can_use_own(actor: Actor, user: User) -> Decision:
    """One's own password, sessions and tokens are nobody else's business."""
    if actor.user_id == user.pk and user.pk is not None:
        return Allowed()
    return Denied(_("只能办理自己的账号。"))
