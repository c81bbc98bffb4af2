"""Forms of the security administrator."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.accounts.models import AdminKind
from liaoyuan.foundation.accounts.rules import USERNAME_MAX

LOCK_HOURS = ((1, _("1 小时")), (24, _("1 天")), (168, _("7 天")), (720, _("30 天")))


class AccountForm(forms.Form):
    """A new account without a person."""

    username = forms.CharField(
        label=_("账号"),
        max_length=USERNAME_MAX,
        help_text=_("字母、数字、汉字和 . _ @ -；不区分大小写。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    display_name = forms.CharField(label=_("姓名或用途"), max_length=64)
    must_use_totp = forms.BooleanField(label=_("登录须用动态码"), required=False)
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("记入审计。"))


class RenameForm(forms.Form):
    """Another name."""

    username = forms.CharField(label=_("账号"), max_length=USERNAME_MAX)
    display_name = forms.CharField(label=_("姓名或用途"), max_length=64)
    reason = forms.CharField(label=_("理由"), max_length=200)


class ReasonForm(forms.Form):
    """A reason for the audit trail."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class LockForm(ReasonForm):
    """How long, and why."""

    hours = forms.TypedChoiceField(label=_("锁定"), choices=LOCK_HOURS, coerce=int)


class AppointForm(ReasonForm):
    """Which administrator, and why."""

    kind = forms.ChoiceField(label=_("任命为"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [choice for choice in AdminKind.choices if choice[0]]  # type: ignore[attr-defined]
