"""Making accounts, naming them, switching them off, locking them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.events import AccountDisabled
from liaoyuan.foundation.accounts.hashers import initial_marker
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.policies import can_manage
from liaoyuan.foundation.accounts.rules import is_username
from liaoyuan.foundation.accounts.services.sessions import end_sessions_of
from liaoyuan.foundation.accounts.services.tokens import revoke_tokens_of
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made."""

    username: str
    display_name: str
    must_use_totp: bool = False


def account_create(
    *, actor: Actor, username: str, display_name: str, must_use_totp: bool = False, by: str = "", reason: str = ""
) -> User:
    """One account with an initial code. Raises DomainError (field ``username``) where the name is taken, in whatever
    capitals, or cannot be a name."""
    with unit_of_work():
        return _create(actor, [NewAccount(username, display_name, must_use_totp)], by, reason)[0]


def accounts_create(*, actor: Actor, wanted: Sequence[NewAccount], by: str = "", reason: str = "") -> list[User]:
    """Many accounts, in the order of ``wanted``, all or none; no hash is worked out (ADR 0005). One audit row tells
    how many. Raises DomainError naming the first account that cannot be made."""
    with unit_of_work():
        return _create(actor, wanted, by, reason)


def _create(actor: Actor, wanted: Sequence[NewAccount], by: str, reason: str) -> list[User]:
    can_manage(actor, by=by).require()
    users = []
    seen: set[str] = set()
    now = clock.now()
    for one in wanted:
        name = _checked_name(one.username)
        if name in seen:
            raise DomainError(_("账号“%(name)s”重复了。") % {"name": name}, field="username")
        seen.add(name)
        users.append(
            User(
                id=new_id(),
                username=name,
                display_name=_checked_display(one.display_name),
                password=initial_marker(),
                must_use_totp=one.must_use_totp,
                password_changed_at=now,
                created_at=now,
            )
        )
    names = [user.username for user in users]
    for start in range(0, len(names), _BATCH):
        taken = User.objects.filter(username__in=names[start : start + _BATCH]).only("username").first()
        if taken:
            raise _taken(taken.username)
    try:
        with transaction.atomic():
            User.objects.bulk_create(users, batch_size=_BATCH)
    except IntegrityError as error:  # somebody made it between the look and the write
        raise _taken(names[0]) if len(names) == 1 else DomainError(_("有账号刚刚被别人建立，请重试。")) from error
    if len(users) == 1:
        _record(actor, "accounts.create", users[0], reason)
    elif users:
        record(actor, "accounts.create", object_type="account", reason=reason, detail={"count": len(users)})
    return users


def account_rename(
    *,
    actor: Actor,
    user: User,
    username: str | None = None,
    display_name: str | None = None,
    reason: str = "",
    by: str = "",
) -> User:
    """Change the account's name or the name shown. The password stays. Raises DomainError as ``account_create``."""
    with unit_of_work():
        can_manage(actor, user, by=by).require()
        user = _locked(user)
        before = user.username
        if username is not None:
            name = _checked_name(username)
            if name != before and User.objects.filter(username=name).exists():
                raise _taken(name)
            user.username = name
        if display_name is not None:
            user.display_name = _checked_display(display_name)
        try:
            with transaction.atomic():
                user.save(update_fields=["username", "display_name"])
        except IntegrityError as error:
            raise _taken(user.username) from error
        _record(actor, "accounts.rename", user, reason, {"before": before})
        return user


def account_disable(*, actor: Actor, user: User, reason: str, by: str = "") -> User:
    """Switch an account off: its sessions and tokens end at once."""
    with unit_of_work():
        can_manage(actor, user, by=by).require()
        user = _locked(user)
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
            end_sessions_of(user, actor=actor, reason=_("账号已停用"))
            revoke_tokens_of(user, actor=actor, reason=_("账号已停用"))
            _record(actor, "accounts.disable", user, reason)
            bus.publish(AccountDisabled(user.pk))
        return user


def account_enable(*, actor: Actor, user: User, reason: str, by: str = "") -> User:
    """Switch an account on again; what ended stays ended."""
    with unit_of_work():
        can_manage(actor, user, by=by).require()
        user = _locked(user)
        if not user.is_active:
            user.is_active = True
            user.save(update_fields=["is_active"])
            _record(actor, "accounts.enable", user, reason)
        return user


def account_lock(*, actor: Actor, user: User, until: datetime, reason: str) -> User:
    """Lock an account until a moment; it opens again by itself. Sessions end; tokens rest meanwhile."""
    with unit_of_work():
        can_manage(actor, user).require()
        if until <= clock.now():
            raise DomainError(_("锁定的截止时间须在将来。"), field="until")
        user = _locked(user)
        user.locked_until = until
        user.save(update_fields=["locked_until"])
        end_sessions_of(user, actor=actor, reason=_("账号已锁定"))
        _record(actor, "accounts.lock", user, reason, {"until": until.isoformat()})
        return user


def account_unlock(*, actor: Actor, user: User, reason: str) -> User:
    """Open an account that an administrator or five failures (SC-02) have locked."""
    with unit_of_work():
        can_manage(actor, user).require()
        user = _locked(user)
        user.locked_until = None
        user.save(update_fields=["locked_until"])
        AxesProxyHandler.reset_attempts(username=user.username)
        _record(actor, "accounts.unlock", user, reason)
        return user


def totp_requirement_set(*, actor: Actor, user: User, required: bool, by: str, reason: str = "") -> User:
    """Say whether an account must use a second factor: the apps above do it where a role asks for it."""
    with unit_of_work():
        can_manage(actor, user, by=by).require()
        user = _locked(user)
        if user.must_use_totp != required:
            user.must_use_totp = required
            user.save(update_fields=["must_use_totp"])
            _record(actor, "accounts.totp_requirement", user, reason, {"required": required})
        return user


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _checked_name(raw: str) -> str:
    name = User.normalize_username(raw)
    if not is_username(name):
        raise DomainError(
            _("账号须为 2–64 个字符，只用字母、数字、汉字和 . _ @ -，且以字母、数字或汉字开头；不区分大小写。"),
            field="username",
        )
    return name


def _checked_display(raw: str) -> str:
    name = " ".join(raw.split())
    if not name or len(name) > 64:
        raise DomainError(_("请填写姓名，不超过 64 个字符。"), field="display_name")
    return name


def _taken(name: str) -> DomainError:
    return DomainError(_("账号“%(name)s”已被使用（账号不区分大小写），请换一个。") % {"name": name}, field="username")


def _record(actor: Actor, action: str, user: User, reason: str, detail: dict[str, object] | None = None) -> None:
    record(
        actor,
        action,
        object_type="account",
        object_id=user.pk,
        object_label=user.username,
        reason=reason,
        detail=detail or {},
    )
