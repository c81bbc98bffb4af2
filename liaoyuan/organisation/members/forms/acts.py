"""Standing, belonging, posts, leaving, accounts, revealing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.forms.fields import (
    ATTACH_KINDS,
    BRANCH_KINDS,
    ActorForm,
    UnitField,
    day_field,
    reason_field,
    today_field,
)
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.members.rules.admission import NEXT
from liaoyuan.organisation.units.models import Post, UnitKind


class StandingForm(forms.Form):
    """Only steps that may follow the present standing are offered."""

    kind = forms.ChoiceField(label=_("变更为"))
    on = today_field(_("生效日期"), help_text=_("预备党员为支部大会接收之日，转正为预备期满之日。"))
    basis = reason_field(_("依据"), help_text=_("会议、批复文号等，将记入档案。"), most=120)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        following = NEXT.get(person.standing, frozenset())
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("请选择")),  # nobody's standing changes by a choice that was not made
            *((kind.value, kind.label) for kind in StandingKind if kind.value in following),
        ]


class MoveForm(ActorForm):
    """Moving to another branch or Party group."""

    to_unit = UnitField(label=_("转入党支部"), kinds=BRANCH_KINDS, help_text=_("组织编码或全称，例如 L01-Y1-Z1。"))
    group = UnitField(label=_("党小组"), kinds=(UnitKind.GROUP,), required=False, help_text=_("组织编码，可以留空。"))
    on = today_field(_("生效日期"), help_text=_("可以是过去的日期，履历随之更正；不能是将来。"))
    reason = reason_field()


class ReturnForm(MoveForm):
    """Coming back."""

    on = today_field(_("归队日期"))


class AttachForm(ActorForm):
    """Taking part in another branch for a time. The receiving branch need not be the actor's own."""

    unit = UnitField(
        label=_("挂靠党支部"), kinds=ATTACH_KINDS, capability="units.view", help_text=_("组织编码或全称。")
    )
    since = today_field(_("开始日期"))
    until = day_field(_("结束日期"), required=False, help_text=_("仍在挂靠的留空；补登已结束的挂靠时填写。"))
    reason = reason_field()


class EndForm(forms.Form):
    """Ending an attachment or leaving: day and reason."""

    on = today_field(_("日期"))
    reason = reason_field(most=80)


class TenureForm(ActorForm):
    """A post in a unit."""

    unit = UnitField(label=_("任职组织"), help_text=_("组织编码或全称。"))
    post = forms.ModelChoiceField(label=_("职务"), queryset=Post.objects.none())
    since = today_field(_("任职日期"))
    until = day_field(_("免职日期"), required=False, help_text=_("仍在任的留空。"))
    note = forms.CharField(label=_("备注"), max_length=120, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["post"].queryset = Post.objects.all()  # type: ignore[attr-defined]  # a ModelChoiceField


class TenureEndForm(forms.Form):
    """The last day of a post."""

    on = today_field(_("免职日期"), help_text=_("任职的最后一天。"))
    reason = reason_field()


class RevealForm(forms.Form):
    """Why the whole number is needed."""

    field = forms.ChoiceField(
        choices=[("id_number", _("身份证号")), ("phone", _("联系电话"))], widget=forms.HiddenInput()
    )
    reason = reason_field(_("查看理由"), help_text=_("查看人、时间和理由会显示给本人。"))


class AccountForm(forms.Form):
    """A new account, or one that exists."""

    username = forms.CharField(label=_("账号"), max_length=64)
    existing = forms.BooleanField(label=_("关联一个已有的账号（不新建）"), required=False)
    reason = reason_field(_("说明"))


class AccountUnlinkForm(forms.Form):
    """Untying."""

    reason = reason_field()
