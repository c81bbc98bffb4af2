"""Forms of a duty: putting it off, handing it over; the fact that closes it has the chronicle's form."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.kernel import clock
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.selectors.page import people_to_hand_to
from liaoyuan.organisation.duties.services.act import snooze_most
from liaoyuan.organisation.members.models import Person

LONGEST = 200


class SnoozeForm(forms.Form):
    """Until when nothing is said, and why."""

    until = DayField(label=gettext_lazy("暂缓到"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=LONGEST, help_text=gettext_lazy("留档；到期和逾期照常计算。")
    )

    def __init__(self, duty: Duty, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today, most = clock.today(), snooze_most(duty).value
        field = self.fields["until"]
        field.initial = today + timedelta(days=3)
        field.help_text = _("其间不再提醒责任人，最多 %(days)d 天；逾期仍逐级上报。") % {"days": most}
        field.widget.attrs.update(
            {"min": f"{today + timedelta(days=1):%Y-%m-%d}", "max": f"{today + timedelta(days=most):%Y-%m-%d}"}
        )


class HandOverForm(forms.Form):
    """To whom, and why."""

    to = forms.ChoiceField(label=gettext_lazy("转交给"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LONGEST)

    def __init__(self, duty: Duty, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people_to_hand_to(duty)}
        names = [(key, _label(person)) for key, person in self.people.items()]
        field = self.fields["to"]
        field.choices = [("", _("请选择")), *names]  # type: ignore[attr-defined]  # a ChoiceField
        field.help_text = _("本组织有账号的人，以及本级和上级组织的任职人员；以后的提醒发给他，逾期仍逐级上报。")

    def chosen(self) -> Person:
        """The person. Needs a valid form."""
        return self.people[self.cleaned_data["to"]]


def _label(person: Person) -> str:
    where = person.unit.name if person.unit else ""
    return f"{person.name}（{' · '.join(part for part in (where, person.position) if part)}）"
