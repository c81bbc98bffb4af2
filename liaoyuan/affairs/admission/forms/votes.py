"""What a general meeting decided: counted on paper, or by the platform with a question left."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.affairs.admission.forms.fields import ActForm, basis_field, choice_field, day_field, reason_field
from liaoyuan.affairs.admission.rules.acts import CONVERT, OUTCOMES
from liaoyuan.affairs.admission.services.accepting import Votes
from liaoyuan.organisation.units.models import UnitKind


class VotesForm(ActForm):
    """What a meeting held on paper counted."""

    entitled = forms.IntegerField(label=_("应到会有表决权党员"), min_value=1, max_value=2000)
    present = forms.IntegerField(label=_("实到会有表决权党员"), min_value=0, max_value=2000)
    yes = forms.IntegerField(label=_("赞成"), min_value=0, max_value=2000, help_text=_("含会前书面意见。"))
    no = forms.IntegerField(label=_("不赞成"), min_value=0, max_value=2000, initial=0)
    abstain = forms.IntegerField(label=_("弃权"), min_value=0, max_value=2000, initial=0)
    written = forms.IntegerField(label=_("其中会前书面意见"), min_value=0, max_value=2000, initial=0)
    reason = reason_field(help_text=_("超过规定期限的，或者应到会与当天的名册不一致的，写明原因。"))
    basis = basis_field()

    def values(self) -> dict[str, Any]:
        """The count as one value."""
        data = dict(self.cleaned_data)
        names = ("entitled", "present", "yes", "no", "abstain", "written")
        data["votes"] = Votes(**{name: data.pop(name) for name in names})
        return data


class DecisionForm(ActForm):
    """What a rule asks about a vote that the platform has counted; the figures are the meeting's."""

    reason = reason_field(help_text=_("超过规定期限的，写明实际原因。"))
    basis = basis_field()

    def prepare(self) -> None:
        """The day is the meeting's; a basis is asked of a temporary branch alone."""
        del self.fields["on"]
        if self.case.unit.kind != UnitKind.TEMPORARY_BRANCH:
            del self.fields["basis"]


class ConversionVotesForm(VotesForm):
    """What a meeting held on paper decided about a conversion."""

    outcome = choice_field(_("决议"), list(OUTCOMES.items()), initial=CONVERT)
    until = day_field(_("延长至"), required=False)
    field_order = ["on", "outcome", "until"]
