"""Form controls with the look's classes: one place decides what a text box, a choice or a file field looks like."""

from html import escape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

_MANY = (forms.CheckboxSelectMultiple, forms.RadioSelect)
_BOXES = (forms.TextInput, forms.NumberInput)


def render_control(field: BoundField) -> SafeString:
    """``field``'s widget with class, ``aria-invalid`` and ``aria-describedby``.

    A plain box or select is joined here: Django renders each option, each attribute through a template, many times
    slower.
    """
    widget = field.field.widget
    attrs: dict[str, Any] = {"class": _css(widget, bool(field.errors))}
    if field.errors:
        attrs["aria-invalid"] = "true"
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if isinstance(widget, _MANY):
        return _ticks(field)
    if type(widget) is forms.Select:
        return _select(field, widget, attrs)
    if type(widget) in _BOXES:
        return _box(field, widget, attrs)
    return field.as_widget(attrs=attrs)


def _css(widget: forms.Widget, wrong: bool) -> str:
    own = widget.attrs.get("class", "")
    if isinstance(widget, forms.CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, forms.Select):
        base = "form-select"
    else:
        base = "form-control"
    return " ".join(part for part in (base, own, "is-invalid" if wrong else "") if part)


def _ticks(field: BoundField) -> SafeString:
    """Boxes or buttons to tick, each with its words as its label."""
    parts = []
    for choice in field.subwidgets:
        data = choice.data
        attributes = {**data["attrs"], "type": data["type"], "name": data["name"], "value": data["value"]}
        attributes["class"] = "form-check-input is-invalid" if field.errors else "form-check-input"
        parts.append(
            f'<label class="form-check"><input{_attributes(attributes)}>'
            f'<span class="form-check-label">{_words(data["label"])}</span></label>'
        )
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


def _words(value: Any) -> str:
    """``value`` escaped as Django does it, without asking each time whether it is lazy: a form has hundreds."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


def _attributes(values: dict[str, Any]) -> str:
    return "".join(
        f" {_words(name)}" if value is True else f' {_words(name)}="{_words(value)}"'
        for name, value in values.items()
        if value is not False and value is not None
    )


def _box(field: BoundField, widget: forms.Widget, attrs: dict[str, Any]) -> SafeString:
    attrs = field.build_widget_attrs({**attrs, "id": field.id_for_label or field.auto_id}, widget)
    given = widget.get_context(field.html_name, field.value(), attrs)["widget"]
    first = {"type": given["type"], "name": given["name"], "value": given["value"]}
    return mark_safe(f"<input{_attributes({**first, **given['attrs']})}>")  # noqa: S308  every part is escaped


def _select(field: BoundField, widget: forms.Select, attrs: dict[str, Any]) -> SafeString:
    merged = field.build_widget_attrs({**widget.attrs, **attrs}, widget)
    merged["id"] = field.id_for_label or field.auto_id
    merged["name"] = field.html_name
    chosen = {str(value) for value in widget.format_value(field.value())}
    parts = [f"<select{_attributes(merged)}>"]
    for value, label in widget.choices:
        if isinstance(label, list | tuple):
            parts.append(f'<optgroup label="{_words(value)}">')
            parts.extend(_option(inner, words, chosen) for inner, words in label)
            parts.append("</optgroup>")
        else:
            parts.append(_option(value, label, chosen))
    parts.append("</select>")
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped


def _option(value: Any, label: Any, chosen: set[str]) -> str:
    text = "" if value is None else str(value)
    if text == "" and label == "---------":  # Django's own dashes say nothing
        label = _("请选择")
    return f'<option value="{_words(text)}"{" selected" if text in chosen else ""}>{_words(label)}</option>'
