"""What the inbox adds to every page: the bell in its head, and to-dos on the home page."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox.models import Item, Kind
from liaoyuan.foundation.inbox.rules import Severity
from liaoyuan.foundation.inbox.selectors.deliveries import dead_count
from liaoyuan.foundation.inbox.selectors.items import pressing_items, unread_count
from liaoyuan.kernel import clock
from liaoyuan.kernel.registry import Todo
from liaoyuan.kernel.scoping import Actor


def bell(actor: Actor) -> dict[str, Any] | None:
    """The bell with the number of unread items. One query."""
    return None if actor.user_id is None else {"unread": unread_count(actor.user_id)}


def todos(actor: Actor) -> Iterable[Todo]:
    """Open to-dos and messages that must be read. One query, whatever their number."""
    return [_todo(item) for item in pressing_items(actor)]


Links = Callable[[str], Sequence[tuple[str, str]]]
_links: dict[str, Links] = {}


def register_links(prefix: str, source: Links) -> None:
    """Register what else can be done about to-dos whose key begins with ``prefix:``, from ``AppConfig.ready``:
    ``source(key)`` gives (words, address), without a query."""
    _links[prefix] = source


def _more(item: Item) -> tuple[tuple[str, str], ...]:
    source = _links.get(item.key.partition(":")[0])
    return tuple(source(item.key)) if source else ()


def _todo(item: Item) -> Todo:
    reading = item.kind == Kind.MESSAGE
    late = item.due_on is not None and item.due_on < clock.today()
    first = item.body.splitlines()[0] if item.body else ""
    return Todo(
        title=_("请阅读：%(title)s") % {"title": item.title} if reading else item.title,
        why=_("来自%(who)s，须逐条阅读。") % {"who": item.sender} if reading and item.sender else first or item.sender,
        url=reverse("inbox:item" if reading or not item.url else "inbox:go", args=[item.pk]),
        action=_("阅读") if reading else _("去办理") if item.url else _("查看"),
        severity=Severity.LATE if late else max(item.severity, Severity.SOON) if reading else item.severity,
        due=item.due_on,
        icon="mail" if reading else "checkbox",
        more=_more(item),
    )


def dead_letters(actor: Actor) -> Iterable[Todo]:
    """Deliveries that wait for the system administrator. One query for him, none for others."""
    count = dead_count(actor)
    if not count:
        return []
    return [
        Todo(
            title=_("有 %(count)d 条消息没有发到站外") % {"count": count},
            why=_("多次重试仍未成功；收件人在站内能看到，但收不到邮件或短信。"),
            url=reverse("inbox:deliveries"),
            action=_("查看"),
            severity=2,
            count=count,
            icon="mail-forward",
        )
    ]
