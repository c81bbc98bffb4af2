"""What every form of members shares."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.units.models import Unit, UnitKind


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> DayField:
    """A date as the browser's own picker."""
    return DayField(label=label, required=required, help_text=help_text)


def today_field(label: Any, *, help_text: Any = "") -> DayField:
    """A date, today unless said otherwise."""
    field = day_field(label, help_text=help_text)
    field.initial = clock.today
    return field


_REASON = _("理由")
_REASON_HELP = _("写明批复文号或事由，将记入档案。")


def reason_field(label: Any = _REASON, *, help_text: Any = _REASON_HELP, most: int = 200) -> forms.CharField:
    """Why."""
    return forms.CharField(label=label, max_length=most, help_text=help_text)


class UnitField(forms.CharField):
    """A unit by its code (or exact name), looked up in what the actor may see. A select of thousands of branches would
    be neither quick nor readable; the list of the branches at hand is offered as suggestions."""

    def __init__(self, *, kinds: tuple[str, ...] = (), capability: str = "members.view", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kinds = kinds
        self.capability = capability
        self.actor: Actor | None = None

    def clean(self, value: Any) -> Unit | None:
        """The unit, or the sentence what to type."""
        text = super().clean(value)
        if not text:
            return None
        rows = Unit.objects.visible_to(self.actor or Actor.nobody(), self.capability).filter(dissolved_on__isnull=True)
        if self.kinds:
            rows = rows.filter(kind__in=self.kinds)
        found = rows.filter(code__iexact=text).first()
        if found is None:
            named = list(rows.filter(name=text)[:2])
            if len(named) > 1:
                raise forms.ValidationError(_("有不止一个组织叫这个名称，请填写组织编码。"))
            found = named[0] if named else None
        if found is None:
            raise forms.ValidationError(_("没有找到这个组织，或它不在您的管理范围内。请填写组织编码，例如 L01-Y1-Z1。"))
        return found


BRANCH_KINDS = (UnitKind.BRANCH, UnitKind.JOINT_BRANCH)
ATTACH_KINDS = (*BRANCH_KINDS, UnitKind.TEMPORARY_BRANCH)


class ActorForm(forms.Form):
    """A form whose unit fields look into the actor's scope."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.actor = actor


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a service's refusal at its field. Missing permission and scope are pages of their own: raised again."""
    if isinstance(error, NotInScope | NotPermitted):
        raise error
    form.add_error(error.field if error.field in form.fields else None, error.sentence)
