"""Small pieces of the look as functions, for list cells and templates alike: icon, state, person and unit chips.

A list of 50 rows calls these hundreds of times, so they join strings and never render templates. Everything that
comes from outside is escaped here.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from html import escape as escape_plainly
from typing import Any
from uuid import UUID

from django.templatetags.static import static
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# level → (icon, colour class). Colour never stands alone: every state is icon + word + colour.
STATES = {
    "ok": ("circle-check", "ok"),
    "soon": ("clock", "soon"),
    "late": ("alert-triangle", "late"),
    "muted": ("circle-minus", "muted"),
    "info": ("info-circle", "info"),
}
_ANY = UUID(int=0)


def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """The Tabler icon ``name`` from the sprite; silent for screen readers unless ``label`` says what it means."""
    if not label:
        return _silent_icon(str(name), str(css))
    return _drawn_icon(name, css, f'role="img" aria-label="{escape(label)}"')


@lru_cache(maxsize=512)
def _silent_icon(name: str, css: str) -> SafeString:
    """A page shows fifty of them, most of them the same on every page."""
    return _drawn_icon(name, css, 'aria-hidden="true"')


def _drawn_icon(name: str, css: str, spoken: str) -> SafeString:
    classes = escape_plainly(f"icon {css}".rstrip())
    return SafeString(f'<svg class="{classes}" {spoken}><use href="{_sprite()}#{escape_plainly(name)}"/></svg>')


@cache
def _sprite() -> str:
    """The sprite's address does not change while the process lives."""
    return static("dist/icons.svg")


def state(level: str, label: str) -> SafeString:
    """A state: icon, word and colour. ``level``: ok, soon, late, muted or info (anything else reads as info)."""
    name, css = STATES.get(level, STATES["info"])
    return mark_safe(f'<span class="state state-{css}">{icon(name)}{escape(label)}</span>')  # noqa: S308


def person_chip(person: Any, *, link: bool = True) -> SafeString:
    """A person: name, unit, standing; opens the card. Needs ``unit`` selected with the row in lists."""
    if person is None:
        return mark_safe('<span class="nothing">—</span>')
    name = escape(person.name)
    unit = getattr(person, "unit", None)
    notes = [str(unit.name)] if unit is not None else []
    standing = getattr(person, "get_standing_display", None)
    if standing is not None:
        notes.append(str(standing()))
    body = (
        f'<span class="chip-face" aria-hidden="true">{escape(str(person.name)[-1:])}</span>'
        f'<span class="chip-name">{name}</span>'
        f'<span class="chip-note">{escape(" · ".join(notes))}</span>'
    )
    file_url, card_url = _address("members:file", person.pk), _address("members:card", person.pk)
    if not link or not file_url:
        return mark_safe(f'<span class="chip chip-person">{body}</span>')  # noqa: S308
    card = f' data-card="{card_url}"' if card_url else ""
    return mark_safe(f'<a class="chip chip-person" href="{file_url}"{card}>{body}</a>')  # noqa: S308


def unit_chip(unit: Any, *, link: bool = True) -> SafeString:
    """A unit: its name with the tree's mark; opens its page."""
    if unit is None:
        return mark_safe('<span class="nothing">—</span>')
    words = escape(unit.name)
    body = f'{icon("sitemap")}<span class="chip-name">{words}</span>'
    url = _address("units:detail", unit.pk)
    if not link or not url:
        return mark_safe(f'<span class="chip chip-unit">{body}</span>')  # noqa: S308
    return mark_safe(f'<a class="chip chip-unit" href="{url}">{body}</a>')  # noqa: S308


def day(value: date | None) -> SafeString | str:
    """A date as 2026-11-22, or nothing."""
    return "" if value is None else f"{value:%Y-%m-%d}"


def sparkline(values: Sequence[float], *, label: str = "", width: int = 120, height: int = 32) -> SafeString:
    """A trend as a line with its last point marked, drawn here: no script, no image. ``label`` says it in words."""
    if len(values) < 2:
        return mark_safe("")
    low, high = min(values), max(values)
    span = (high - low) or 1
    pad = 3
    step = (width - 2 * pad) / (len(values) - 1)
    points = [
        (round(pad + index * step, 1), round(height - pad - (value - low) / span * (height - 2 * pad), 1))
        for index, value in enumerate(values)
    ]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    area = f"{points[0][0]:g},{height} {line} {points[-1][0]:g},{height}"
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return mark_safe(  # noqa: S308  numbers and an escaped label
        f'<svg class="sparkline" viewBox="0 0 {width} {height}" width="{width}" height="{height}" {spoken}>'
        f'<polygon points="{area}"/><polyline points="{line}"/>'
        f'<circle cx="{points[-1][0]:g}" cy="{points[-1][1]:g}" r="2.5"/></svg>'
    )


def _address(route: str, key: Any) -> str:
    """``route`` for ``key``, from a pattern made once; "" where the app is not there."""
    pattern = _pattern(route, get_urlconf())
    return pattern.replace(str(_ANY), escape(str(key))) if pattern else ""


def page_address(route: str) -> str:
    """The address of a page that needs no key; "" where no app offers it."""
    return _page_address(route, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=256)
def _page_address(route: str, urlconf: str | None, prefix: str) -> str:
    try:
        return reverse(route, urlconf=urlconf)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=64)
def _pattern(route: str, urlconf: str | None) -> str:
    try:
        return reverse(route, args=[_ANY], urlconf=urlconf)
    except NoReverseMatch:
        return ""
