"""How allauth behaves here: nobody signs up, nobody has e-mail, every step is audited."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_login_redirect_url
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.accounts.browser_session import start
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.qr import svg
from liaoyuan.foundation.accounts.services import log_in
from liaoyuan.kernel.crypto import decrypt as open_sealed
from liaoyuan.kernel.crypto import encrypt as seal
from liaoyuan.kernel.http.client import client_address

PROOF_LASTS = 300  # seconds after which a sensitive page asks for the password again

_WORDS = {
    "mfa/messages/totp_activated.txt": gettext_lazy("动态码已启用，下次登录起生效。"),
    "mfa/messages/totp_deactivated.txt": gettext_lazy("动态码已停用，备用码同时作废。"),
    "mfa/messages/recovery_codes_generated.txt": gettext_lazy("新的备用码已生成，请抄写或打印保存；旧的备用码已作废。"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the roster or the security administrator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("账号或口令不正确。请核对后重试；忘记口令请找本单位负责人。"),
        "incorrect_password": gettext_lazy("口令不正确。"),
        "too_many_login_attempts": gettext_lazy("尝试次数过多，请稍后再试。"),
        "rate_limited": gettext_lazy("操作太频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """My day."""
        return "/"

    def get_login_stages(self) -> list[str]:
        """After the password only the second factor: no e-mail, no telephone."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address as the audit trail sees it; a server behind a Unix socket knows none."""
        return client_address(request) or "0.0.0.0"  # noqa: S104  a column that must not be empty, nothing binds here

    def is_safe_url(self, url: str) -> bool:
        """Only this very host: another name of ALLOWED_HOSTS may be another machine."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def is_ajax(self, request: HttpRequest) -> bool:
        """Log-in answers with pages only; htmx follows redirects by itself."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our own words, and no "welcome" that nobody needs."""
        words = message or _WORDS.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No e-mail here."""

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """An account switched off between two steps: as if it had never matched."""
        return HttpResponseRedirect(reverse("account_login"))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, or a locked account."""
        log_in.failed(
            credentials.get("username", ""),
            address=client_address(request),
            locked=bool(getattr(request, "axes_locked_out", False)),
        )

    def reauthenticate(self, user: Any, password: str) -> bool:
        """The password once more, counted by the same lock-out."""
        found = self.authenticate(context.request, username=user.username, password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not within five minutes of the log-in: it has just been proven who this is."""
        request = context.request
        records = get_authentication_records(request, request.user)
        passed = time.time()  # real time: allauth notes its own
        return not any(passed - record["at"] < PROOF_LASTS for record in records)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Open the session (with a new key) and note it."""
        start(request.session)
        super().login(request, user)
        log_in.succeeded(user, address=client_address(request), steps=_steps(request, user))

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Onward. allauth would first look at every other session of the account; the list of sessions and the nightly
        sweep do that, a log-in need not."""
        if not request.session.session_key:
            request.session.create()
        log_in.opened(
            user,
            session_key=str(request.session.session_key),
            address=self.get_client_ip(request),
            agent=request.headers.get("User-Agent", ""),
        )
        return HttpResponseRedirect(get_login_redirect_url(request, more.get("redirect_url")))

    def logout(self, request: HttpRequest) -> None:
        """Close the session and note it."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            log_in.left(user, address=client_address(request))


def _steps(request: HttpRequest, user: Any) -> list[str]:
    """How the account was proven: password, and the second factor's kind."""
    records = get_authentication_records(request, user)
    return [str(record.get("type") or record["method"]) for record in records]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Names on the authenticator's screen; secrets encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("动态码不正确或已用过。请等手机上出现下一个码再试。"),
        "cannot_delete_authenticator": gettext_lazy("您的岗位必须使用动态码，不能停用。"),
        "cannot_generate_recovery_codes": gettext_lazy("启用动态码后才能生成备用码。"),
    }

    def encrypt(self, text: str) -> str:
        """SM4-GCM, as every secret field."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return open_sealed(encrypted_text)

    def get_totp_label(self, user: Any) -> str:
        """The account's name."""
        return user.username

    def build_totp_svg(self, url: str) -> str:
        """The QR code, drawn here: no picture leaves the house."""
        return svg(url)

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Whether the account has a second factor of ``types``. At the log-in the backend has just asked; only the
        recovery codes that hang on it would be another question."""
        known = getattr(user, "has_totp", None)
        if known is not None and types is not None and Authenticator.Type.TOTP in types:
            return bool(known)
        return super().is_mfa_enabled(user, types)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The three administrators and the posts that need it keep their second factor."""
        return not authenticator.user.needs_second_factor

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No e-mail here."""
