"""Undo where the rules allow it: a message that carries the form which takes the step back."""

from django.contrib import messages
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _


def offer_undo(request: HttpRequest, text: str, *, url: str, fields: dict[str, str] | None = None) -> None:
    """Say what was done and offer to take it back: a small form that posts ``fields`` to ``url``."""
    hidden = format_html_join("", '<input type="hidden" name="{}" value="{}">', (fields or {}).items())
    form = format_html(
        '{} <form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button class="toast-undo" type="submit">{}</button></form>',
        text,
        url,
        get_token(request),
        hidden,
        _("撤销"),
    )
    messages.success(request, form)
