"""Giving, delegating and ending a grant; sites."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.clock import today
from liaoyuan.organisation.units.forms.fields import day_field, offer, reason_field
from liaoyuan.organisation.units.models import Role
from liaoyuan.organisation.units.registry import UnitPerson
from liaoyuan.organisation.units.selectors import user_by_account


class GrantForm(forms.Form):
    """Who, which role, from when to when. A person of the unit from the list, or any account by its name."""

    person = forms.ChoiceField(label=_("本组织人员"), required=False)
    user = forms.CharField(
        label=_("账号或姓名"),
        max_length=64,
        required=False,
        help_text=_("不在名单里的人填账号；不重名时可填姓名。"),
    )
    role = forms.ModelChoiceField(label=_("角色"), queryset=Role.objects.none(), help_text=_("只列出您自己持有的。"))
    since = day_field(_("自"), required=True)
    until = day_field(_("至"), help_text=_("含当天；留空为直到收回。"))
    reason = reason_field(most=200)

    def __init__(self, *args: Any, people: Sequence[UnitPerson], roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [person for person in people if person.user_id is not None]
        names = [(str(one.user_id), f"{one.name}（{one.note}）" if one.note else one.name) for one in known]
        offer(self, "person", choices=[("", "—"), *names])
        if not known:
            del self.fields["person"]
        offer(self, "role", queryset=Role.objects.filter(pk__in=[role.pk for role in roles]).order_by("order"))
        self.fields["since"].initial = today

    def clean(self) -> dict[str, Any]:
        """Find the one account that is meant."""
        data = super().clean() or {}
        chosen, typed = data.get("person"), (data.get("user") or "").strip()
        if chosen and typed:
            self.add_error("user", _("名单和账号只填一处。"))
        elif chosen:
            data["account"] = User.objects.filter(pk=chosen).first()
        elif typed:
            data["account"] = user_by_account(typed)
            if data["account"] is None:
                self.add_error("user", _("没有找到这个账号，或者有同名的人。请填写准确的账号。"))
        else:
            self.add_error("person" if "person" in self.fields else "user", _("请选择授予何人。"))
        return data


class DelegationForm(GrantForm):
    """The same with an end that must be given."""

    until = day_field(_("至"), required=True, help_text=_("含当天；最长一年，不超过您自己的任期。"))


class EndForm(forms.Form):
    """Why a grant is taken back."""

    reason = reason_field(most=200)


class SiteForm(forms.Form):
    """A place."""

    name = forms.CharField(label=_("点位名称"), max_length=120)
    lon = forms.FloatField(label=_("经度"), help_text=_("度，例如 117.39"))
    lat = forms.FloatField(label=_("纬度"), help_text=_("度，例如 32.92"))
