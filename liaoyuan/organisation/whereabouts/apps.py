"""Registers what whereabouts adds to others' pages; no logic."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class WhereaboutsConfig(AppConfig):
    """在哪里"""

    name = "liaoyuan.organisation.whereabouts"
    label = "whereabouts"
    verbose_name = "在哪里"

    def ready(self) -> None:
        """Menu, to-dos, numbers, the file's tab, checks and proof, handlers, jobs, purposes after migrate."""
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.regulations.citations import Screen, register_screens
        from liaoyuan.kernel import bus, registry
        from liaoyuan.organisation.chronicle.kinds import register
        from liaoyuan.organisation.members import events as members
        from liaoyuan.organisation.members.registry import add_timeline_source
        from liaoyuan.organisation.units import events as units
        from liaoyuan.organisation.whereabouts import desk, handlers, tasks
        from liaoyuan.organisation.whereabouts.policies import Capability
        from liaoyuan.organisation.whereabouts.services import facts

        assert tasks  # noqa: S101  imported for its jobs
        register_labels(LABELS)
        register(*facts.FACT_KINDS)
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        registry.add_nav(
            registry.NavItem(
                str(_("打卡")), "whereabouts:checkin", "map-pin", "在哪里", 60,
                lambda actor: actor.person_id is not None and actor.holds(Capability.CHECK_IN), key="c",
            ),
            registry.NavItem(
                str(_("我的外出")), "whereabouts:mine", "route", "在哪里", 61, lambda actor: actor.person_id is not None
            ),
            registry.NavItem(
                str(_("外出登记")), "whereabouts:register", "list-details", "在哪里", 62,
                lambda actor: actor.holds(Capability.VIEW), key="w",
            ),
        )  # fmt: skip
        registry.add_todos("whereabouts", desk.todos)
        registry.add_tile("whereabouts.away", desk.tile_away)
        registry.add_tile("whereabouts.overdue", desk.tile_overdue)
        registry.add_tile("whereabouts.back", desk.tile_back)
        registry.add_profile_tab(
            registry.ProfileTab("whereabouts", str(_("外出")), "whereabouts/_tab.html", 40, desk.tab)
        )
        add_timeline_source("whereabouts", desk.timeline)
        registry.add_data_check("whereabouts", str(_("外出与位置")), desk.data_problems)
        registry.add_proof("whereabouts.presence", str(_("当前位置")), desk.presence_proof)
        # Same transaction: the map must never show people under paths that are another's by now.
        bus.on(units.UnitPathsChanged, handlers.on_paths_changed, same_transaction=True)
        bus.on(units.UnitPathsRebuilt, handlers.on_paths_rebuilt)
        bus.on(units.UnitUpdated, handlers.on_unit_updated)
        bus.on(units.SiteUpdated, handlers.on_site_updated)
        # Same transaction: nobody may be gone and still counted among those away.
        bus.on(members.PersonLeft, handlers.on_left, same_transaction=True)
        bus.on(members.PersonChanged, handlers.on_person)
        bus.on(members.PersonMoved, handlers.on_person)
        post_migrate.connect(_load_purposes, sender=self)


LABELS = {
    "whereabouts.post": "登记外出",
    "whereabouts.confirmed": "确认外出到位",
    "whereabouts.extended": "改外出预计结束日期",
    "whereabouts.corrected": "更正外出登记",
    "whereabouts.ended": "登记归队",
    "whereabouts.cancelled": "撤销外出登记",
    "whereabouts.check_in": "打卡",
    "whereabouts.export": "导出外出登记",
}


def _load_purposes(apps: Any = None, **rest: Any) -> None:
    """After migrate; skipped while a partial migration has no such table."""
    from liaoyuan.organisation.whereabouts.services.reference import purposes_load

    try:
        (apps or global_apps).get_model("whereabouts", "Purpose")
    except LookupError:
        return
    purposes_load()


# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = ((_("外出登记"), "whereabouts:register", "TR-02"),)
