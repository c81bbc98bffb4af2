"""What a list's filters say about themselves: the chips above the rows."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, QuerySet


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One filter in force, as a chip: ``names`` are the address's parameters that taking it away removes."""

    names: tuple[str, ...]
    label: str
    value: str


def active_filters(filterset: django_filters.FilterSet) -> list[ActiveFilter]:
    """The filters in force, in the form's order, with the words the user knows."""
    if not filterset.is_bound:
        return []
    form = filterset.form
    form.is_valid()
    found = []
    for name, form_field in form.fields.items():
        value = form.cleaned_data.get(name)
        if is_default(form_field, value) or value in (None, "", [], ()) or (isinstance(value, QuerySet) and not value):
            continue
        found.append(ActiveFilter(_names(name, form_field), str(form_field.label or name), _words(form_field, value)))
    return found


def is_default(form_field: forms.Field, value: Any) -> bool:
    """Whether ``value`` is what the filter does anyway where the address does not name it (its ``initial``)."""
    initial = form_field.initial
    return initial is not None and not callable(initial) and str(value) == str(initial)


def _names(name: str, form_field: forms.Field) -> tuple[str, ...]:
    suffixes = getattr(form_field.widget, "suffixes", None)
    if suffixes:
        return tuple(f"{name}_{suffix}" for suffix in suffixes if suffix) or (name,)
    return (name,)


def _words(form_field: forms.Field, value: Any) -> str:
    if value is True:
        return "是"
    if value is False:
        return "否"
    if isinstance(value, slice):
        return f"{value.start or ''} – {value.stop or ''}".strip()
    if isinstance(value, list | tuple | set | QuerySet):
        return "、".join(_words(form_field, item) for item in value)
    if isinstance(value, Model):
        return str(value)
    choices = getattr(form_field, "choices", None)
    if choices is not None and not isinstance(form_field, forms.ModelChoiceField):
        return str(dict(_flat(choices)).get(str(value), value))
    return str(value)


def _flat(choices: Any) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            flat.extend((str(inner), words) for inner, words in label)
        else:
            flat.append((str(key), label))
    return flat
