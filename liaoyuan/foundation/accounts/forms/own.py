"""Forms for one's own account: password, tokens."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.accounts.capabilities import capability_label
from liaoyuan.foundation.accounts.services.tokens import MAX_DAYS


def password_rules() -> list[str]:
    """The policy in sentences, as the settings have it."""
    return [text for text in password_validators_help_texts() if text]


class PasswordChangeForm(forms.Form):
    """The old password (or initial code) and the new one twice. The view checks the old one through the lock-out."""

    old = forms.CharField(
        label=_("现在的口令"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label=_("新口令"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一遍新口令"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, initial_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if initial_code:
            self.fields["old"].label = _("初始口令")
            self.fields["old"].help_text = _("口令条上的那一串，不分大小写。")

    def clean(self) -> dict[str, Any]:
        """Both must agree."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次输入的新口令不一致。"))
        return data


class TokenForm(forms.Form):
    """A new token: what for, what it may, how long."""

    name = forms.CharField(label=_("用途"), max_length=64, help_text=_("例如：对接训练系统，每晚取外出名单。"))
    days = forms.IntegerField(
        label=_("有效期（天）"),
        min_value=1,
        max_value=MAX_DAYS,
        initial=90,
        help_text=_("最长 365 天，到期自动失效。"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    capabilities = forms.MultipleChoiceField(
        label=_("权限"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾选用得着的。令牌的权限不会超过您本人当时的权限。"),
    )

    def __init__(self, *args: Any, held: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capabilities"].choices = [(value, capability_label(value)) for value in sorted(held)]  # type: ignore[attr-defined]
