"""The second factor: at the log-in, setting it up, recovery codes."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView as AllauthAuthenticateView
from allauth.mfa.base.views import IndexView as AllauthIndexView
from allauth.mfa.base.views import ReauthenticateView as AllauthReauthenticateView
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.selectors import own_tokens, session_count
from liaoyuan.foundation.accounts.services.demo import demo_code
from liaoyuan.foundation.accounts.services.log_in import own_actor
from liaoyuan.foundation.accounts.services.second_factor import authenticator_of, take_step, totp_changed
from liaoyuan.kernel.db import unit_of_work


class SecondFactorView(AllauthAuthenticateView):
    """The second step of the log-in."""

    template_name = "accounts/second_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """One transaction for what the log-in writes."""
        with unit_of_work():
            response = super().form_valid(form)
            self.request.session.save()
            return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """In a demonstration only: the present code of a demo account."""
        user = self.stage.login.user
        return {**super().get_context_data(**kwargs), "demo_code": demo_code(user), "account": user}


class SecurityView(AllauthIndexView):
    """账号安全: password, second factor, sessions and tokens of one's own at a glance."""

    template_name = "accounts/security.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, ages and what comes next."""
        user: Any = self.request.user
        actor = own_actor(user, address="")
        return {
            **super().get_context_data(**kwargs),
            "account": user,
            "max_age_days": settings.LIAOYUAN.password_max_age_days,
            "sessions": session_count(user),
            "tokens": own_tokens(actor, user).filter(revoked_at=None).count(),
        }


class ProveByCodeView(AllauthReauthenticateView):
    """A code before a sensitive page."""

    template_name = "accounts/prove.html"


@method_decorator(never_cache, name="dispatch")
class ActivateView(ActivateTOTPView):
    """Setting up an authenticator: QR code, secret to type, first code."""

    template_name = "accounts/totp_activate.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The secret in groups of four, for typing."""
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
        return {**context, "secret_groups": " ".join(groups), "forced": _user(self.request).needs_second_factor}

    def form_valid(self, form: Any) -> HttpResponse:
        """Switch it on; the code just typed is used up, and the session counts as proven."""
        response = super().form_valid(form)
        user = _user(self.request)
        take_step(authenticator_of(user), form.cleaned_data["code"])
        _note(self.request, "totp_on")
        self.request.session[browser_session.TOTP] = True
        return response


class DeactivateView(DeactivateTOTPView):
    """Switching it off, where one's post allows it."""

    template_name = "accounts/totp_deactivate.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Off, and its recovery codes with it."""
        response = super().form_valid(form)
        self.request.session.pop(browser_session.TOTP, None)
        _note(self.request, "totp_off")
        return response


@method_decorator(never_cache, name="dispatch")
class RecoveryCodesView(ViewRecoveryCodesView):
    """The recovery codes that are left."""

    template_name = "accounts/recovery_codes.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Showing them is noted."""
        response = super().get(request, *args, **kwargs)
        _note(request, "recovery_codes_view")
        return response


class NewRecoveryCodesView(GenerateRecoveryCodesView):
    """New codes; the old ones end."""

    template_name = "accounts/recovery_codes_new.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Made anew."""
        response = super().form_valid(form)
        _note(self.request, "recovery_codes_new")
        return response


class RecoveryCodesFileView(DownloadRecoveryCodesView):
    """The codes as a text file."""

    template_name = "accounts/recovery_codes.txt"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Taking them along is noted."""
        response = super().get(request, *args, **kwargs)
        _note(request, "recovery_codes_view")
        return response


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise TypeError("these pages need a log-in")
    return user


def _note(request: HttpRequest, action: str) -> None:
    user = _user(request)
    totp_changed(actor=own_actor(user, address=getattr(request, "client_address", "")), user=user, action=action)
