"""Registers what insights adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    """党员地图"""

    name = "liaoyuan.desk.insights"
    label = "insights"
    verbose_name = "党员地图"

    def ready(self) -> None:
        """Menu, the home page's map, the live line, the gate of uploaded bases."""
        from liaoyuan.desk.insights import handlers
        from liaoyuan.desk.insights.policies import can_replace_base, can_see_map
        from liaoyuan.desk.insights.services.base import GATE
        from liaoyuan.desk.insights.views.map import home_panel
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.files import gates
        from liaoyuan.kernel import bus, registry
        from liaoyuan.organisation.whereabouts.events import PresenceChanged

        register_labels(
            {
                "insights.locate": _("在地图上查找位置"),
                "insights.open_crowd": _("展开地图上的人群"),
                "insights.narrow": _("在地图上筛选到少数几人"),
                "insights.base_replace": _("更换地图底图"),
                "insights.base_revert": _("恢复自带底图"),
            }
        )
        gates.register(GATE, lambda actor, key: can_replace_base(actor))
        registry.add_nav(
            registry.NavItem(
                str(_("党员地图")), "insights:map", "map", "在哪里", 50, lambda actor: bool(can_see_map(actor)), key="m"
            ),
            registry.NavItem(
                str(_("地图底图")), "insights:base_manage", "map-2", "管理", 95,
                lambda actor: bool(can_replace_base(actor)),
            ),
        )  # fmt: skip
        registry.add_home_panel(
            "map", "insights/_map.html", order=10, visible=lambda actor: bool(can_see_map(actor)), context=home_panel
        )
        bus.on(PresenceChanged, handlers.on_presence_changed)
