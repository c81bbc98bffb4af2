"""Opening a case, putting it to a meeting, cancelling, papers, choosing whom to compare."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.activity.orglife.models.motion import BallotMode
from liaoyuan.affairs.admission.forms.fields import basis_field, text_field
from liaoyuan.affairs.admission.rules.papers import PAPERS
from liaoyuan.affairs.admission.selectors.meetings import temporary
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.forms.fields import today_field


class FindForm(forms.Form):
    """Looking for somebody who has applied."""

    q = forms.CharField(label=_("姓名或人员编号"), max_length=40, required=False)


class OpenForm(forms.Form):
    """An application was received."""

    on = today_field(_("收到入党申请书的日期"))


class SubmitForm(forms.Form):
    """Putting a case on the agenda of a planned general meeting."""

    meeting = forms.TypedChoiceField(label=_("提交哪次支部党员大会"), coerce=UUID)
    mode = forms.ChoiceField(
        label=_("表决方式"),
        choices=[(mode.value, mode.label) for mode in (BallotMode.HANDHELD, BallotMode.PAPER)],
        widget=forms.RadioSelect,
        initial=BallotMode.HANDHELD.value,
        help_text=_("发展党员采取无记名投票。"),
    )
    basis = basis_field()

    def __init__(self, *args: Any, meetings: list[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["meeting"]
        field.choices = [(str(one.pk), _offered(one)) for one in meetings]
        if not any(temporary(one) for one in meetings):
            del self.fields["basis"]


def _offered(meeting: Meeting) -> str:
    """A temporary branch is named: it is not the one to which the person belongs."""
    words = f"{clock.local(meeting.planned_at):%Y-%m-%d %H:%M} {meeting.title}"
    return f"{words}（{meeting.unit.name}）" if temporary(meeting) else words


class CancelForm(forms.Form):
    """Why it did not happen."""

    reason = forms.CharField(label=_("撤销理由"), max_length=200)


class PaperForm(forms.Form):
    """A paper that lies in the file."""

    kind = forms.ChoiceField(label=_("材料"), choices=[(one.kind, one.name) for one in PAPERS.values()])
    received_on = today_field(_("收到日期"))
    pages = forms.IntegerField(label=_("页数"), min_value=1, max_value=999, initial=1)
    place = text_field(_("存放处"))
