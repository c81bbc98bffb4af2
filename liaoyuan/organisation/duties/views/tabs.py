"""The tabs that the pages of duties share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.policies import can_see_board, can_see_list, can_set_parameters


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """What of duties the actor may open; ``here`` is the route shown."""
    board, listed, sets = can_see_board(actor), can_see_list(actor), can_set_parameters(actor)
    rows = (
        ("duties:board", _("看板"), "layout-dashboard", board),
        ("duties:list", _("逐件"), "list-check", listed),
        ("duties:calendar", _("日历"), "calendar", listed),
        ("duties:rules", _("规则"), "ruler-2", True),
        ("duties:burden", _("负担"), "scale", board),
        ("duties:parameters", _("参数调整"), "adjustments", sets),
    )
    return [
        {"label": label, "url": reverse(route), "active": route == here, "icon": icon, "count": 0}
        for route, label, icon, may in rows
        if may
    ]
