"""How items look in lists."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox.models import Item, Kind
from liaoyuan.foundation.inbox.rules import level_of
from liaoyuan.kernel.ui.parts import icon, state


def state_of(item: Item, today: date) -> tuple[str, str]:
    """The item's state as level and words."""
    if item.broadcast_id and item.done_at and not item.read_at:
        return "muted", _("已撤回")
    if item.kind == Kind.MESSAGE:
        if item.read_at or item.done_at:
            return "muted", _("已读")
        return ("late", _("必读未读")) if item.must_read else ("info", _("未读"))
    if item.done_at:
        return "ok", _("已办结")
    if item.snoozed_until and item.snoozed_until > today:
        return "muted", _("推迟到 %(day)s") % {"day": f"{item.snoozed_until:%m-%d}"}
    if item.due_on is None:
        return level_of(item.severity), {3: _("需尽快处理"), 2: _("近期处理")}.get(item.severity, _("有空时处理"))
    days = (item.due_on - today).days
    if days < 0:
        return "late", _("逾期 %(days)d 天") % {"days": -days}
    level = level_of(item.severity)
    return level, _("今天到期") if days == 0 else _("还有 %(days)d 天") % {"days": days}


def title_cell(item: Item) -> SafeString:
    """The title as a link, bold while unread, with who it is from below."""
    unread = item.read_at is None and item.done_at is None
    mark = icon("mail", _("消息")) if item.kind == Kind.MESSAGE else icon("checkbox", _("待办"))
    first = item.body.splitlines()[0] if item.body else ""
    note = " · ".join(part for part in (item.sender, first[:60]) if part)
    return format_html(
        '<div class="inbox-line{}">{}<div><a class="inbox-title" href="{}">{}</a>{}</div></div>',
        " is-unread" if unread else "",
        mark,
        reverse("inbox:item", args=[item.pk]),
        item.title,
        format_html('<p class="inbox-note">{}</p>', note) if note else "",
    )


def buttons(item: Item, request: HttpRequest) -> Any:
    """What can be done at once: read, done. What must be read is opened first."""
    if item.done_at:
        return ""
    if item.kind == Kind.MESSAGE:
        if item.read_at:
            return ""
        if item.must_read:
            return _link_button("inbox:item", item, _("阅读"))
        return post_button(request, "inbox:read", item.pk, _("已阅读"), item.title)
    if not item.by_fact:
        return post_button(request, "inbox:done", item.pk, _("办结"), item.title)
    return _link_button("inbox:go", item, _("去办理")) if item.url else ""


def _link_button(route: str, item: Item, words: str) -> SafeString:
    return format_html(
        '<a class="btn btn-sm" href="{}">{}<span class="visually-hidden">{}</span></a>',
        reverse(route, args=[item.pk]),
        words,
        f"：{item.title}",
    )


def post_button(request: HttpRequest, route: str, key: Any, words: str, about: str) -> SafeString:
    """A button of its own small form; it comes back to the list as it was."""
    return format_html(
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="next" value="{}">'
        '<button class="btn btn-sm" type="submit">{}<span class="visually-hidden">{}</span></button></form>',
        reverse(route, args=[key]),
        get_token(request),
        request.get_full_path(),
        words,
        f"：{about}",
    )


__all__ = ["buttons", "post_button", "state", "state_of", "title_cell"]
