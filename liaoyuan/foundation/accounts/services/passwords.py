"""Passwords: changing one's own, resetting another's, handing out initial codes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.hashers import InitialCodeHasher, initial_code, initial_marker
from liaoyuan.foundation.accounts.models import PasswordHistory, User
from liaoyuan.foundation.accounts.policies import Capability, can_issue_initial_codes, can_manage, can_use_own
from liaoyuan.foundation.accounts.services.sessions import end_sessions_of
from liaoyuan.foundation.accounts.services.tokens import revoke_tokens_of
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor


@dataclass(frozen=True, slots=True)
class InitialSlip:
    """What is printed for one account. ``code`` is grouped for reading; dashes do not count at the log-in."""

    name: str
    username: str
    code: str


def has_initial_code(user: User) -> bool:
    """Whether the account was never used: its initial code still opens it."""
    return user.password.startswith(f"{InitialCodeHasher.algorithm}$")


def password_change(*, actor: Actor, user: User, new: str) -> None:
    """Give one's own account the password ``new``. The page has checked the old one already (counted by the lock-out).

    Raises DomainError (field ``new``) with every rule that ``new`` breaks; then nothing has changed. Other sessions
    end by themselves: their proof is bound to the old password (Django's session hash).
    """
    can_use_own(actor, user).require()
    # The former hashes are tried before the row is locked: each costs as much as a log-in.
    check_new_password(user, new)
    hashed = User(pk=user.pk)
    hashed.set_password(new)
    with unit_of_work():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if locked.password != user.password:
            raise Conflict(_("口令刚刚在别处改过，这次没有保存。请重新登录后再试。"))
        user.password = hashed.password
        user.must_change_password = False
        user.password_changed_at = clock.now()
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        _remember(user)
        record(actor, "accounts.password_change", object_type="account", object_id=user.pk, object_label=user.username)


def check_new_password(user: User, new: str) -> None:
    """Raise DomainError (field ``new``) where ``new`` breaks the policy or is the present password."""
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field="new") from error
    if user.check_password(new):
        raise DomainError(_("新口令不能与现在的口令相同。"), field="new")


def password_reset_to_initial(*, actor: Actor, user: User, reason: str, by: str = "") -> InitialSlip:
    """Give an account a fresh initial code: the owner must choose a password at the next log-in. His sessions and
    tokens end: whoever forgot his password may as well have lost it."""
    with unit_of_work():
        can_manage(actor, user, by=by).require()
        user = User.objects.select_for_update().get(pk=user.pk)
        user.password = initial_marker()
        user.must_change_password = True
        user.password_changed_at = clock.now()
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        end_sessions_of(user, actor=actor, reason=_("口令已重置"))
        revoke_tokens_of(user, actor=actor, reason=_("口令已重置"))
        record(
            actor,
            "accounts.password_reset",
            object_type="account",
            object_id=user.pk,
            object_label=user.username,
            reason=reason,
        )
        return _slip(user)


def initial_codes_issue(
    *, actor: Actor, users: Iterable[User], by: str = Capability.INITIAL_CODES, reason: str = ""
) -> list[InitialSlip]:
    """The slips of those of ``users`` who have not chosen a password yet, in the given order; each is audited.

    The caller has checked that the people are the actor's (``by`` names the capability). Accounts with a password of
    their own are left out: nobody can show it. Raises NotPermitted for an administrator's account.
    """
    with unit_of_work():
        slips = []
        for user in users:
            if not user.is_active or not has_initial_code(user):
                continue
            can_issue_initial_codes(actor, user, by=by).require()
            slips.append(_slip(user))
            record(
                actor,
                "accounts.initial_code_issue",
                object_type="account",
                object_id=user.pk,
                object_label=user.username,
                reason=reason,
            )
        return slips


def _slip(user: User) -> InitialSlip:
    code = initial_code(user.password)
    return InitialSlip(user.display_name, user.username, f"{code[:5]}-{code[5:]}")


def _remember(user: User) -> None:
    """Keep the hash so that it is not used again, and forget those the policy no longer asks for."""
    keep = settings.LIAOYUAN.password_history
    if keep:
        PasswordHistory.objects.create(user=user, encoded=user.password, created_at=user.password_changed_at)
    kept = list(user.password_history.order_by("-created_at", "-id").values_list("pk", flat=True)[:keep])
    user.password_history.exclude(pk__in=kept).delete()
