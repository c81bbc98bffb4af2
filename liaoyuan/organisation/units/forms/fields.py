"""What every form of units shares."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.ui.fields import DayField


def day_field(label: Any, *, required: bool = False, help_text: Any = "", **extra: Any) -> DayField:
    """A date as the browser's own picker."""
    return DayField(label=label, required=required, help_text=help_text, **extra)


def reason_field(*, most: int = 300) -> forms.CharField:
    """Why: the document number or the occasion."""
    return forms.CharField(
        label=_("理由"), max_length=most, help_text=_("写明批复文号或事由，将记入变动记录。"), widget=forms.TextInput()
    )


def offer(form: forms.Form, name: str, *, choices: Any = None, queryset: Any = None) -> None:
    """Give the field ``name`` what may be chosen."""
    field: Any = form.fields[name]
    if queryset is not None:
        field.queryset = queryset
    if choices is not None:
        field.choices = choices


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a service's refusal at its field. Missing permission and scope are pages of their own: raised again."""
    if isinstance(error, NotInScope | NotPermitted):
        raise error
    form.add_error(error.field if error.field in form.fields else None, error.sentence)
