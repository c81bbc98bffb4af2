"""Forms of the inbox."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.inbox import adapters
from liaoyuan.foundation.inbox.audiences import Audience
from liaoyuan.foundation.inbox.rules import BODY_LENGTH, SNOOZE_DAYS, TITLE_LENGTH, Mode
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.ui.fields import DayField

_MODES = (
    (Mode.URGENT.value, gettext_lazy("急事和必读立即发，其余每日一次摘要")),
    (Mode.DIGEST.value, gettext_lazy("只要每日摘要")),
    (Mode.OFF.value, gettext_lazy("不发，只在站内看")),
)


class SnoozeForm(forms.Form):
    """Until when, and why."""

    until = DayField(label=gettext_lazy("推迟到"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), min_length=2, max_length=200, help_text=gettext_lazy("例如：等本人归队后面谈。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        field = self.fields["until"]
        field.initial = today + timedelta(days=3)
        field.help_text = _("到这一天早上重新出现，最多推迟 %(days)d 天。") % {"days": SNOOZE_DAYS}
        field.widget.attrs.update(
            {"min": f"{today + timedelta(days=1):%Y-%m-%d}", "max": f"{today + timedelta(days=SNOOZE_DAYS):%Y-%m-%d}"}
        )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("理由"), min_length=2, max_length=200)


class ComposeForm(forms.Form):
    """A message to the people of an address book; ``choice`` is the address book's own field."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=TITLE_LENGTH)
    body = forms.CharField(
        label=gettext_lazy("正文"),
        required=False,
        max_length=BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("正文只在站内显示；邮件和短信只带标题，标题里不要写敏感内容。"),
    )
    must_read = forms.BooleanField(
        label=gettext_lazy("必读"),
        required=False,
        help_text=gettext_lazy("收件人须逐条点“我已阅读”；没有阅读的会按期催阅，您能看到名单。"),
    )

    field_order = ("choice", "title", "body", "must_read")

    def __init__(self, audience: Audience, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"] = audience.field(actor)
        self.order_fields(self.field_order)


class ChannelsForm(forms.Form):
    """One's own channels: only those the instance has."""

    digest_at = forms.TimeField(
        label=gettext_lazy("每日摘要时间"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["digest_at"].help_text = _("留空则用本站统一的时间（%(usual)s）。") % {"usual": usual}
        channels = adapters.active()
        if "email" in channels:
            self.fields["email"] = forms.CharField(
                label=_("电子邮箱"), required=False, max_length=200,
                widget=forms.EmailInput(attrs={"autocomplete": "email"}),
                help_text=_("加密保存，只用来给您发信；留空则不发邮件。"),
            )  # fmt: skip
        for name, channel in channels.items():
            self.fields[f"mode_{name}"] = forms.ChoiceField(
                label=str(channel.label), choices=_MODES, widget=forms.RadioSelect, initial=Mode.URGENT.value
            )
        self.order_fields([name for name in self.fields if name != "digest_at"])

    def modes(self) -> dict[str, str]:
        """The chosen mode of each channel."""
        return {
            name.removeprefix("mode_"): value for name, value in self.cleaned_data.items() if name.startswith("mode_")
        }


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a service's refusal at its field. Missing permission and scope are pages of their own: raised again."""
    if isinstance(error, NotInScope | NotPermitted):
        raise error
    form.add_error(error.field if error.field in form.fields else None, error.sentence)
