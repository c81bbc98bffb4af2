"""Registers what duties adds to others' pages; no logic."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """到点提醒"""

    name = "liaoyuan.organisation.duties"
    label = "duties"
    verbose_name = "到点提醒"

    def ready(self) -> None:
        """Rules, jobs, handlers, the page's entries."""
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.inbox.desk import register_links
        from liaoyuan.foundation.regulations.citations import Screen, register_citations, register_screens
        from liaoyuan.kernel import registry as pages
        from liaoyuan.kernel.bus import on
        from liaoyuan.organisation.chronicle import hands
        from liaoyuan.organisation.chronicle.events import FactsRecorded
        from liaoyuan.organisation.duties import citations, handlers, registry, tasks
        from liaoyuan.organisation.duties.policies import Capability
        from liaoyuan.organisation.duties.services.prolonging import Prolonging
        from liaoyuan.organisation.members.events import PersonChanged, PersonLeft, PersonMoved, PersonReturned
        from liaoyuan.organisation.roster.events import RosterImported
        from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt, UnitUpdated
        from liaoyuan.organisation.units.wording import add_capability_words

        assert tasks  # noqa: S101  imported for its jobs
        registry.register(Path(__file__).parent / "data")
        hands.keep({rule.prolongs for rule in registry.all_rules() if rule.prolongs}, Prolonging())
        register_labels(LABELS)
        register_citations("duties", citations.citations)
        register_links("duty", citations.item_links)
        add_capability_words({Capability.VIEW: "查看到点提醒", Capability.ACT: "办理、暂缓、转交到点提醒"})
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        pages.add_nav(
            pages.NavItem(
                _("到点提醒"), "duties:board", "alarm", "工作台", 5, lambda actor: actor.holds(Capability.VIEW), key="d"
            ),
            pages.NavItem(
                _("到点提醒"), "duties:list", "alarm", "工作台", 5,
                lambda actor: actor.person_id is not None and not actor.holds(Capability.VIEW), key="d",
            ),
        )  # fmt: skip
        on(FactsRecorded, handlers.on_facts)
        on(RosterImported, handlers.on_import)
        on(PersonChanged, handlers.on_changed)
        on(PersonMoved, handlers.on_person)
        on(PersonLeft, handlers.on_left)
        on(PersonReturned, handlers.on_person)
        on(UnitUpdated, handlers.on_unit)
        # Same transaction: a board must never show duties under paths that are another's by now.
        on(UnitPathsChanged, handlers.follow_units, same_transaction=True)
        on(UnitPathsRebuilt, handlers.derive_again, same_transaction=True)


LABELS = {
    "duties.snoozed": "暂缓提醒",
    "duties.handed": "转交待办",
    "duties.taken_back": "收回待办",
    "duties.feed": "生成日历订阅地址",
    "duties.feed_ended": "停用日历订阅",
    "duties.export": "导出到点提醒",
}
# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = (
    (
        _("到点提醒：看板和待办"),
        "duties:board",
        "MT-01 MT-02 MT-03 MT-04 MT-05 MT-06 MT-07 MT-08 DF-13 DF-15 LO-01 LO-02 TR-02 ED-01",
    ),
    (_("到点提醒：期限和参数"), "duties:parameters", "BR-10 BR-11 DM-03 DM-36 DM-43 WD-08"),
)
