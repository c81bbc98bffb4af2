"""django-axes' lock-out (SC-02) with what a log-in need not pay for left out."""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.http import HttpRequest

from liaoyuan.foundation.accounts.asking import ask, keep
from liaoyuan.foundation.accounts.models import User

_FAILURES = "_accounts_failures"


class LockoutHandler(AxesDatabaseHandler):
    """Counts in the database, as all processes must agree. Whoever had no failures at the check before his password
    has none to forget after it; what no longer counts is swept before the next failure is written, and every night."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """How many failures of the name count at present, from whatever browser or address. The account itself comes
        with the answer: it is the log-in's next question."""
        name = User.normalize_username(str((credentials or {}).get("username") or ""))
        counted_as = get_client_username(request, credentials)
        count, account = ask(counted_as, get_cool_off_threshold(request), name)
        keep(request, name, account)
        setattr(request, _FAILURES, count)
        return count

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Forget the account's failures, if any."""
        if getattr(request, _FAILURES, None) != 0:
            self.reset_user_attempts(request, {"username": user.get_username()})

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Nothing: the audit trail keeps log-outs."""
