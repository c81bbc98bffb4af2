"""Writing a fact down by hand: fields made from the kind's schema."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.kinds import FactKind

LONGEST = 200
_LAST = ("note", "evidence")  # after everything else
_PREFIX = "fact_"


class DateInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **attrs: str) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class FactForm(forms.Form):
    """What happened, when, on what evidence. The fields beside the date are those of the kind's schema; what the
    kind's sentence names must be filled in. ``earliest`` is the first day that the browser offers."""

    occurred_on = forms.DateField(label=gettext_lazy("发生日期"), widget=DateInput())

    def __init__(self, declared: FactKind, *args: Any, earliest: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared
        field = self.fields["occurred_on"]
        field.initial = clock.today()
        field.widget.attrs["max"] = f"{clock.today():%Y-%m-%d}"
        if earliest is not None:
            field.widget.attrs["min"] = f"{earliest:%Y-%m-%d}"
        if declared.unit:
            self.fields["quantity"] = forms.DecimalField(
                label=_("数量（%(unit)s）") % {"unit": declared.unit}, min_value=0, max_digits=10, decimal_places=2
            )
        schema = {**declared.schema, **kinds.ALWAYS}
        for key in sorted(schema, key=lambda key: _LAST.index(key) if key in _LAST else -1):
            self.fields[_PREFIX + key] = _field(declared, key, schema[key])

    def payload(self) -> dict[str, Any]:
        """The payload as the chronicle keeps it; what was left empty is left out. Needs a valid form."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(_PREFIX) and value not in ("", None):
                found[name.removeprefix(_PREFIX)] = value.isoformat() if isinstance(value, date) else value
        return found

    @classmethod
    def initial_of(cls, occurred_on: date, quantity: Any, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The form's values for a fact that stands."""
        return {
            "occurred_on": occurred_on,
            "quantity": quantity,
            **{_PREFIX + key: value for key, value in payload.items()},
        }


def _field(declared: FactKind, key: str, wanted: type) -> forms.Field:
    label = kinds.word(declared, key)
    required = key in declared.required or key == "evidence" or key in kinds.named(declared) - {"note"}
    if wanted is int:
        return forms.IntegerField(label=label, required=required, min_value=0, max_value=1_000_000)
    if wanted is bool:
        return forms.BooleanField(label=label, required=False)
    if key in declared.choices:
        choices = [("", _("请选择")), *((value, value) for value in declared.choices[key])]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    if key == "until":
        return forms.DateField(label=label, required=required, widget=DateInput())
    if key == "note":
        widget = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=label, required=required, max_length=LONGEST * 2, widget=widget)
    hint = _("记录存放处、参加人、文号等，日后查得到。") if key == "evidence" else ""
    return forms.CharField(label=label, required=required, max_length=LONGEST, help_text=hint)


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a service's refusal at its field. Missing permission and scope are pages of their own: raised again."""
    if isinstance(error, NotInScope | NotPermitted):
        raise error
    name = error.field if error.field in form.fields else _PREFIX + error.field
    form.add_error(name if name in form.fields else None, error.message)


class ReasonForm(forms.Form):
    """Why a fact is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LONGEST)
