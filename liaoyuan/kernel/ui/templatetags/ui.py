"""Template tags of the shared look; builtin, no ``{% load %}`` needed."""

from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from liaoyuan.kernel.ui import controls, parts

register = template.Library()


def _params(context: dict[str, Any]) -> QueryDict:
    """The address to change: a list's tidied one, else the request's."""
    params: QueryDict | None = context.get("params")
    return (context["request"].GET if params is None else params).copy()


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present address's query string with ``changes``; None removes a key. For sort, page and filter links."""
    params = _params(context)
    for key, value in changes.items():
        if value is None or value == "":
            params.pop(key, None)
        else:
            params[key] = value
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag(takes_context=True)
def query_without(context: dict[str, Any], *names: Any) -> str:
    """The present address's query string without ``names`` (names or lists of them) and without the page number."""
    params = _params(context)
    for item in (*names, "page"):
        for name in [item] if isinstance(item, str) else item:
            params.pop(name, None)
    encoded = params.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """``{% icon "users" %}``; with ``label`` where the icon stands alone and must be spoken."""
    return parts.icon(name, label, css)


@register.simple_tag
def state(level: str, label: Any) -> SafeString:
    """``{% state "late" "已逾期" %}``: icon, word and colour."""
    return parts.state(level, str(label))


@register.simple_tag
def person_chip(person: Any, link: bool = True) -> SafeString:
    """A person's chip: name, unit, standing; opens the card."""
    return parts.person_chip(person, link=link)


@register.simple_tag
def unit_chip(unit: Any, link: bool = True) -> SafeString:
    """A unit's chip."""
    return parts.unit_chip(unit, link=link)


@register.simple_tag
def sparkline(values: Any, label: str = "", width: int = 120, height: int = 32) -> SafeString:
    """A trend drawn on the server."""
    return parts.sparkline(tuple(values or ()), label=label, width=width, height=height)


@register.filter
def grouped(value: Any) -> str:
    """A number with commas, 12,345; Django's own filter does not group in Chinese. What is no number stays as it is."""
    return f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)


@register.simple_tag
def control(field: Any) -> SafeString:
    """A form field's control with the look's classes and what screen readers need at an error."""
    return controls.render_control(field)


@register.simple_tag
def url_if(route: str, *args: Any) -> str:
    """The address of ``route``, or "" where no app offers it: the frame never shows a dead link."""
    if not args:
        return parts.page_address(route)
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        return ""
