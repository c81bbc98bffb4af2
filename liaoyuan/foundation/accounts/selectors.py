"""Reading accounts, sessions, tokens, locks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Sum

from liaoyuan.foundation.accounts.agents import describe
from liaoyuan.foundation.accounts.models import ApiToken, User
from liaoyuan.foundation.accounts.policies import can_use_own, can_view_accounts
from liaoyuan.foundation.accounts.rules import lockout_ends
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One open session as its owner sees it."""

    id: int
    device: str
    address: str
    began: datetime
    seen: datetime
    current: bool


def accounts(actor: Actor) -> QuerySet[User]:
    """Every account, each with ``has_totp``. Raises NotPermitted for anybody but the security administrator."""
    can_view_accounts(actor).require()
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return User.objects.annotate(has_totp=Exists(factor))


def account(actor: Actor, account_id: UUID) -> User:
    """One account of ``accounts``. Raises NotInScope where it is unknown."""
    user = accounts(actor).filter(pk=account_id).first()
    if user is None:
        raise NotInScope()
    return user


def locked_out_names() -> set[str]:
    """Names that may not try at present because of failures (SC-02), whether or not an account bears them."""
    window = clock.now() - timedelta(minutes=settings.LIAOYUAN.lockout_minutes)
    counted = (
        AccessAttempt.objects.filter(attempt_time__gt=window)
        .values("username")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.LIAOYUAN.lockout_failures)
    )
    return {row["username"] for row in counted}


def locked_out_until(username: str) -> datetime | None:
    """When the name ``username`` may try again; None where it may now. Says nothing about whether it exists."""
    rows = AccessAttempt.objects.filter(username=username).values_list("attempt_time", "failures_since_start")
    return lockout_ends(
        rows,
        clock.now(),
        limit=settings.LIAOYUAN.lockout_failures,
        window=timedelta(minutes=settings.LIAOYUAN.lockout_minutes),
    )


def open_sessions(actor: Actor, user: User, *, current_key: str | None) -> list[OpenSession]:
    """One's own open sessions, the present one first, then the most recently used."""
    can_use_own(actor, user).require()
    rows = UserSession.objects.purge_and_list(user)
    found = [
        OpenSession(
            id=row.pk,
            device=describe(row.user_agent),
            address=row.ip,
            began=row.created_at,
            seen=row.last_seen_at,
            current=row.session_key == current_key,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.current, -one.seen.timestamp()))


def session_count(user: User) -> int:
    """How many sessions of the account are on record."""
    return UserSession.objects.filter(user=user).count()


def own_tokens(actor: Actor, user: User) -> QuerySet[ApiToken]:
    """One's own tokens, the newest first."""
    can_use_own(actor, user).require()
    return ApiToken.objects.filter(user=user).order_by("-created_at")


def users_by_id(ids: Iterable[UUID]) -> dict[UUID, User]:
    """Accounts by id, for apps that hold ids only and have checked their own scope."""
    return User.objects.in_bulk(list(ids))


def password_age_left(actor: Actor) -> int | None:
    """Whole days until the actor's own password expires; None where it never does or there is no account."""
    limit = settings.LIAOYUAN.password_max_age_days
    if not limit or actor.user_id is None:
        return None
    changed = User.objects.filter(pk=actor.user_id).values_list("password_changed_at", flat=True).first()
    return None if changed is None else (changed + timedelta(days=limit) - clock.now()).days


def administrators_exist() -> bool:
    """Whether the instance has any of the three administrators."""
    return User.objects.exclude(admin_kind="").exists()
