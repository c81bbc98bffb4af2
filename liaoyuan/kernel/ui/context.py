"""What every page's frame needs: menu, user, watermark, theme."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

from liaoyuan.kernel import clock, registry
from liaoyuan.kernel.registry import NavItem
from liaoyuan.kernel.ui.parts import page_address

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
GROUPS = ("工作台", "组织", "人员", "组织生活", "党务", "在哪里", "管理")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the menu as shown. ``current``: "page" (this very page), "true" (a page below it) or ""."""

    label: str
    address: str
    icon: str
    group: str
    key: str
    bottom: bool
    current: str


def shell(request: HttpRequest) -> dict[str, Any]:
    """The frame's context. Everything is a lazy callable: a fragment that shows no frame pays for none of it."""
    user = getattr(request, "user", None)
    values: dict[str, Any] = {
        "demo_mode": settings.LIAOYUAN.demo,
        "theme": theme_of(request),
        "words": lambda: script_words(get_language() or ""),
    }
    if user is None or not user.is_authenticated:
        return {**values, "nav": (), "nav_groups": (), "header_pieces": (), "watermark": ""}

    @cache
    def entries() -> list[MenuEntry]:
        return menu(registry.nav_for(request.actor), request.path)  # type: ignore[attr-defined]  # ActorMiddleware

    return {
        **values,
        "nav": entries,
        "nav_groups": lambda: nav_groups(entries()),
        "header_pieces": lambda: registry.header_for(request.actor),  # type: ignore[attr-defined]  # ActorMiddleware
        "watermark": lambda: watermark_for(user),
    }


def menu(items: list[NavItem], path: str) -> list[MenuEntry]:
    """The entries that lead somewhere, the one ``path`` belongs to marked: never a dead link."""
    found = [(address, item) for item in items if (address := page_address(item.route))]
    here = max((address for address, _item in found if path.startswith(address)), key=len, default="")
    if here == "/" != path:
        here = ""
    return [
        MenuEntry(
            label=str(item.label),
            address=address,
            icon=item.icon,
            group=str(item.group),
            key=item.key,
            bottom=item.bottom,
            current=("page" if address == path else "true") if address == here else "",
        )
        for address, item in found
    ]


def theme_of(request: HttpRequest) -> str:
    """The theme the user chose: auto (the system's), light or dark. A cookie, so the first byte is already right."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def watermark_for(user: Any) -> str:
    """Who looks, and when: name, the account's last four characters (up to twelve where these are letters: sysadmin and
    secadmin end alike), local time. On every page and every export."""
    if not getattr(user, "is_authenticated", False):
        return ""
    tail = user.username[-4:]
    if tail.isalpha():
        tail = user.username[-12:]
    return f"{user.display_name} {tail} {clock.local(clock.now()):%Y-%m-%d %H:%M}"


@cache
def script_words(language: str) -> dict[str, Any]:
    """What the scripts say, in ``language``: Chinese sentence → translation. Empty for Chinese, the language of the
    sources, so that its pages carry nothing. The catalogue is gettext's own (domain ``djangojs``)."""
    if language.startswith("zh"):
        return {}
    view = JavaScriptCatalog()
    view.translation = DjangoTranslation(
        language, domain=view.domain, localedirs=[str(path) for path in settings.LOCALE_PATHS]
    )
    return view.get_catalog()


def nav_groups(entries: list[MenuEntry]) -> list[tuple[str, list[MenuEntry]]]:
    """The menu by group, known groups in their order, others after them."""
    order = {name: index for index, name in enumerate(GROUPS)}
    ranked = sorted(entries, key=lambda entry: (order.get(entry.group, len(order)), entry.group))
    return [(group, list(members)) for group, members in groupby(ranked, key=lambda entry: entry.group)]
