"""Registers what home adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """首页"""

    name = "liaoyuan.desk.home"
    label = "home"
    verbose_name = "首页"

    def ready(self) -> None:
        """The two first entries of everybody's menu."""
        from liaoyuan.kernel.registry import NavItem, add_nav

        add_nav(
            NavItem(str(_("首页")), "home:index", "home", "工作台", 1, lambda actor: True, key="h", bottom=True),
            NavItem(str(_("待办")), "home:todos", "checkbox", "工作台", 2, lambda actor: True, key="t", bottom=True),
        )
