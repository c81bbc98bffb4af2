"""The log-in's forms: password, second factor, proving again who one is."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.rules import USERNAME_MAX
from liaoyuan.foundation.accounts.services import log_in
from liaoyuan.foundation.accounts.services.second_factor import take_step, tidy_code
from liaoyuan.kernel.http.client import client_address


def _text(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false", **attrs})


def _code(**attrs: Any) -> forms.TextInput:
    return _text(autocomplete="one-time-code", inputmode="numeric", autofocus=True, **attrs)


def _password(**attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("口令"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", **attrs}),
    )


class LoginForm(AllauthLoginForm):
    """Account and password. allauth's constructor, which works out fields by its settings, is passed over."""

    login = forms.CharField(
        label=_("账号"), max_length=USERNAME_MAX, widget=_text(autocomplete="username", autofocus=True)
    )
    password = _password()
    remember = None
    field_order = ("login", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.request = kwargs.pop("request", None)
        forms.Form.__init__(self, *args, **kwargs)


class ProveForm(AllauthReauthenticateForm):
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"password": _password(autofocus=True)}


class _CountedCode:
    """A code that the account's lock-out counts (SC-02) and that works once."""

    user: Any
    authenticator: Authenticator
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """The code; raises where it is wrong, used, or the account is locked."""
        request = context.request
        credentials = {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            log_in.failed(self.user.username, address=client_address(request), locked=True, step="second_factor")
            raise get_adapter().validation_error("incorrect_code")
        self.cleaned_data["code"] = tidy_code(self.cleaned_data["code"])
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # allauth's form is the other base
            if self.authenticator.type == Authenticator.Type.TOTP and not take_step(self.authenticator, code):
                raise get_adapter().validation_error("incorrect_code")
        except forms.ValidationError:
            user_login_failed.send(sender=type(self), credentials=credentials, request=request)
            log_in.failed(self.user.username, address=client_address(request), locked=False, step="second_factor")
            raise
        return code


class SecondFactorForm(_CountedCode, AuthenticateForm):
    """The second step of the log-in: a code of the authenticator, or a recovery code."""

    code = forms.CharField(label=_("动态码或备用码"), max_length=20, widget=_code())

    def clean_code(self) -> str:
        """The code; nothing opens where the account was switched off or its password changed since the first step."""
        if not browser_session.still_proven(context.request.session, self.user):
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_code()


class ProveByCodeForm(_CountedCode, ReauthenticateForm):
    """A code instead of the password, to prove again who one is."""

    code = forms.CharField(label=_("动态码或备用码"), max_length=20, widget=_code())


class ActivateForm(ActivateTOTPForm):
    """The first code of a new authenticator."""

    code = forms.CharField(label=_("手机上显示的 6 位动态码"), max_length=20, widget=_code())

    def clean_code(self) -> str:
        """The code, in plain digits."""
        self.cleaned_data["code"] = tidy_code(self.cleaned_data["code"])
        code: str = super().clean_code()
        return code
