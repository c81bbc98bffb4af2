"""Personal API tokens: made, revoked, and turned into an actor."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import ApiToken, User
from liaoyuan.foundation.accounts.policies import can_use_own
from liaoyuan.foundation.accounts.rules import capabilities_within
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.crypto import mac
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor

PREFIX = "lyt_"
MAX_DAYS = 365
MAX_TOKENS = 20
_USED_EVERY = timedelta(minutes=1)


def token_digest(plain: str) -> str:
    """What is stored of a token: HMAC-SM3 under the instance's index key."""
    return mac(settings.KEYS.index, f"api-token:{plain}".encode())


def token_create(
    *, actor: Actor, user: User, name: str, capabilities: Sequence[str], days: int
) -> tuple[ApiToken, str]:
    """A token of one's own and its plain text, which is shown once and never again.

    Raises DomainError: no name, a capability that one does not hold now, a term outside 1–365 days, too many tokens.
    """
    with unit_of_work():
        can_use_own(actor, user).require()
        if not name.strip():
            raise DomainError(_("请写明令牌的用途，日后好辨认该不该作废。"), field="name")
        if not capabilities:
            raise DomainError(_("至少选择一项权限。"), field="capabilities")
        beyond = capabilities_within(capabilities, actor.grants)
        if beyond:
            raise DomainError(
                _("您没有这些权限，不能给令牌：%(names)s。") % {"names": "、".join(beyond)}, field="capabilities"
            )
        if not 1 <= days <= MAX_DAYS:
            raise DomainError(_("有效期须在 1 至 %(days)s 天之间。") % {"days": MAX_DAYS}, field="days")
        User.objects.select_for_update().get(pk=user.pk)  # the limit holds for two requests at once
        now = clock.now()
        if ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=now).count() >= MAX_TOKENS:
            raise DomainError(_("有效令牌已达 %(count)s 个，请先作废不用的。") % {"count": MAX_TOKENS})
        plain = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            user=user,
            name=name.strip()[:64],
            digest=token_digest(plain),
            tail=plain[-4:],
            capabilities=sorted(set(capabilities)),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        _record(actor, "accounts.token_create", token, detail={"capabilities": token.capabilities, "days": days})
        return token, plain


def token_revoke(*, actor: Actor, user: User, token_id: UUID) -> None:
    """End one of one's own tokens at once. Raises NotInScope where it is another's or unknown."""
    with unit_of_work():
        can_use_own(actor, user).require()
        token = ApiToken.objects.select_for_update().filter(user=user, pk=token_id).first()
        if token is None:
            raise NotInScope()
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.save(update_fields=["revoked_at"])
            _record(actor, "accounts.token_revoke", token)


def revoke_tokens_of(user: User, *, actor: Actor, reason: str) -> int:
    """End every token of an account, as a part of a service that has authorised already. Returns how many."""
    count = ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    if count:
        record(
            actor,
            "accounts.tokens_revoke",
            object_type="account",
            object_id=user.pk,
            object_label=user.username,
            reason=reason,
            detail={"count": count},
        )
    return count


def token_use(plain: str) -> ApiToken | None:
    """The valid token ``plain`` with its owner, noting its use once a minute; None where it opens nothing: unknown,
    revoked, expired, its owner switched off, locked, or with a password to change."""
    if not plain.startswith(PREFIX) or len(plain) > 100:
        return None
    token = ApiToken.objects.select_related("user").filter(digest=token_digest(plain)).first()
    now = clock.now()
    if token is None or token.revoked_at is not None or token.expires_at <= now:
        return None
    if not token.user.may_act or token.user.password_due:
        return None
    if token.last_used_at is None or now - token.last_used_at >= _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _record(actor: Actor, action: str, token: ApiToken, *, detail: dict[str, object] | None = None) -> None:
    record(actor, action, object_type="api_token", object_id=token.pk, object_label=token.name, detail=detail or {})
