"""Work by the clock: what has ended is swept away."""

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session

from liaoyuan.foundation.accounts.models import ApiToken
from liaoyuan.kernel import clock
from liaoyuan.kernel.jobs import job

_TOKENS_KEPT = timedelta(days=365)


@job("accounts.sweep", cron="17 3 * * *")
def sweep() -> None:
    """Remove ended sessions with their rows, failures that no longer count, tokens ended a year ago. Safe to repeat."""
    now = clock.now()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(minutes=settings.LIAOYUAN.lockout_minutes)).delete()
    ApiToken.objects.filter(expires_at__lt=now - _TOKENS_KEPT).delete()


def register() -> None:
    """Importing this module declared the job."""
