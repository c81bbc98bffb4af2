"""The second factor: each code once, failures counted by the lock-out, resets audited."""

import time
import unicodedata

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.policies import can_manage
from liaoyuan.foundation.accounts.services.sessions import end_sessions_of
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.scoping import Actor

_LAST = "last_step"


def tidy_code(raw: str) -> str:
    """A code as typed, with full-width digits of a Chinese keyboard made plain."""
    return unicodedata.normalize("NFKC", raw).strip()


def totp_on(user: User) -> bool:
    """Whether the account has a second factor."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def authenticator_of(user: User) -> Authenticator:
    """The account's authenticator. Raises Authenticator.DoesNotExist without one."""
    return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)


def take_step(authenticator: Authenticator, code: str) -> bool:
    """Use up the time step that ``code`` belongs to, and every earlier one; False where it was used before (RFC 6238
    §5.2). Kept in the database: a cache of one process would let another process take the code again."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = decrypt(row.data["secret"])
        wanted = totp.normalize_user_code(code)
        matching = [
            step
            for step in totp.yield_hotp_counters_from_time()
            if totp.format_hotp_value(totp.hotp_value(secret, step)) == wanted
        ]
        fresh = [step for step in matching if step > row.data.get(_LAST, 0)]
        if not fresh:
            return False
        row.data[_LAST] = max(fresh)
        row.save(update_fields=["data"])
        return True


def totp_changed(*, actor: Actor, user: User, action: str) -> None:
    """Note what the owner did himself: ``totp_on``, ``totp_off``, ``recovery_codes_new``, ``recovery_codes_view``."""
    with unit_of_work():
        record(actor, f"accounts.{action}", object_type="account", object_id=user.pk, object_label=user.username)


def totp_reset(*, actor: Actor, user: User, reason: str) -> None:
    """Take an account's second factor away (lost handheld): its sessions end; who must have one sets up a new one at
    the next log-in."""
    with unit_of_work():
        can_manage(actor, user).require()
        Authenticator.objects.filter(user=user).delete()
        end_sessions_of(user, actor=actor, reason="动态码已重置")
        record(
            actor,
            "accounts.totp_reset",
            object_type="account",
            object_id=user.pk,
            object_label=user.username,
            reason=reason,
        )


def totp_enrol(*, actor: Actor, user: User) -> None:
    """Give an account a second factor without its owner's handheld: only for demo accounts, only by the system."""
    if not actor.everything:
        raise NotPermitted("动态码只能由本人启用。")
    with unit_of_work():
        if not totp_on(user):
            totp.TOTP.activate(user, totp.generate_totp_secret())
            RecoveryCodes.activate(user)
            record(actor, "accounts.totp_on", object_type="account", object_id=user.pk, object_label=user.username)


def current_code(user: User) -> str:
    """The code that ``user``'s authenticator shows now; "" without one. Only ``services.demo`` may show it."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        return ""
    secret = decrypt(row.data["secret"])
    step = int(time.time()) // app_settings.TOTP_PERIOD  # real time: the authenticator's clock
    if step <= row.data.get(_LAST, 0):
        step = row.data[_LAST] + 1  # used already: the next one, which the tolerance accepts
    return totp.format_hotp_value(totp.hotp_value(secret, step))
