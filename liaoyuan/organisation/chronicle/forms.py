"""Writing a fact down by hand: fields made from the kind's schema."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.regulations.dates import horizon
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.policies import Capability
from liaoyuan.organisation.members.forms.fields import UnitField
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

LONGEST = 200
_LAST = ("note", "evidence")  # after everything else
_PREFIX = "fact_"


class FactForm(forms.Form):
    """What happened, when, on what evidence. The fields beside the date are those of the kind's schema; what the
    kind's sentence names must be filled in. ``earliest`` and ``latest`` are the days that the browser offers."""

    occurred_on = DayField(label=gettext_lazy("发生日期"))

    def __init__(
        self, declared: FactKind, *args: Any, earliest: date | None = None, latest: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.declared = declared
        field, today = self.fields["occurred_on"], clock.today()
        last = min(today, latest or today)
        field.initial = today if last == today else None
        field.widget.attrs["max"] = f"{last:%Y-%m-%d}"
        if earliest is not None:
            field.widget.attrs["min"] = f"{earliest:%Y-%m-%d}"
        if declared.unit:
            self.fields["quantity"] = forms.DecimalField(
                label=_("数量（%(unit)s）") % {"unit": declared.unit}, min_value=0, max_digits=10, decimal_places=2
            )
        schema = {key: of for key, of in {**declared.schema, **kinds.ALWAYS}.items() if key not in declared.filled}
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
    required = key in declared.required | declared.asks | {"evidence"} | (kinds.named(declared) - {"note"})
    if wanted is int:
        return forms.IntegerField(label=label, required=required, min_value=0, max_value=1_000_000)
    if wanted is bool:
        return forms.BooleanField(label=label, required=False)
    if key in declared.choices:
        choices = [("", _("请选择")), *((value, value) for value in declared.choices[key])]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    if key == "until":
        field = DayField(label=label, required=required)
        field.widget.attrs["max"] = f"{horizon(clock.today()):%Y-%m-%d}"
        return field
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
    form.add_error(name if name in form.fields else None, error.sentence)


class ReasonForm(forms.Form):
    """Why a fact is withdrawn."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=LONGEST)


class CorrectForm(FactForm):
    """The fact as it should have been written down, and why it is changed."""

    def __init__(self, declared: FactKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(declared, *args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("更正理由"), max_length=LONGEST, help_text=_("原来的记录留底，理由一并显示。")
        )


class ProofField(forms.FileField):
    """A file that proves a fact. Empty and unfit ones are the service's to refuse, with a sentence."""

    def __init__(self, **kwargs: Any) -> None:
        hint = gettext_lazy("PDF、图片、Word 或 Excel 文件，不超过 10 MB；添加后不能删除。")
        super().__init__(allow_empty_file=True, help_text=hint, **kwargs)


class EvidenceForm(forms.Form):
    """One more file that proves a fact."""

    file = ProofField(label=gettext_lazy("证明材料"))


class HandForm(FactForm):
    """A fact written down by hand, with a file that proves it."""

    def __init__(self, declared: FactKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(declared, *args, **kwargs)
        self.fields["file"] = ProofField(label=_("证明材料（可不附）"), required=False)


class NoteForm(HandForm):
    """A fact written down by hand: of whom, or in which unit."""

    def __init__(self, declared: FactKind, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(declared, *args, **kwargs)
        self.actor = actor
        if declared.about == "person":
            who = forms.CharField(label=_("谁"), max_length=32, help_text=_("人员编号，或您范围内没有重名的姓名。"))
            self.fields = {"person": who, **self.fields}
        else:
            unit = UnitField(
                label=_("哪个组织"), capability=Capability.RECORD, help_text=_("组织编码或全称。")
            )  # fmt: skip
            unit.actor = actor
            self.fields = {"unit": unit, **self.fields}

    def clean_person(self) -> Person:
        """The one person in service so called, where the actor may write down."""
        text = self.cleaned_data["person"].strip()
        rows = Person.objects.visible_to(self.actor, Capability.RECORD).filter(active=True, unit__isnull=False)
        rows = rows.select_related("unit")
        found = rows.filter(number__in=[text, text.upper()]).first()
        if found is None:
            named = list(rows.filter(name=text)[:2])
            if len(named) > 1:
                raise forms.ValidationError(_("有不止一个人叫这个名字，请填写人员编号。"))
            found = named[0] if named else None
        if found is None:
            raise forms.ValidationError(_("没有找到这个人，或者不在您的管理范围内。"))
        return found

    def subject(self) -> tuple[Person | None, Unit]:
        """Of whom and where. Needs a valid form."""
        person: Person | None = self.cleaned_data.get("person")
        unit = person.unit if person is not None else self.cleaned_data.get("unit")
        assert unit is not None  # noqa: S101  people are looked up among those with a unit
        return person, unit
