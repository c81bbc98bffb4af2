"""Registers what the chronicle adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChronicleConfig(AppConfig):
    """纪实"""

    name = "liaoyuan.organisation.chronicle"
    label = "chronicle"
    verbose_name = "纪实"

    def ready(self) -> None:
        """Facts keep their unit's path when it moves, and milestones follow their sources: in the same transaction, or
        a list would lie meanwhile and a crash between the two would lose a fact."""
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.files import gates
        from liaoyuan.kernel.bus import on
        from liaoyuan.kernel.registry import NavItem, add_nav
        from liaoyuan.organisation.chronicle import milestones, tabs
        from liaoyuan.organisation.chronicle.handlers import derive_again, follow_person, follow_unit, follow_units
        from liaoyuan.organisation.chronicle.policies import Capability
        from liaoyuan.organisation.chronicle.selectors.pages import GATE, evidence_gate
        from liaoyuan.organisation.members.events import PersonChanged
        from liaoyuan.organisation.units.events import (
            UnitCreated,
            UnitDissolved,
            UnitPathsChanged,
            UnitPathsRebuilt,
            UnitUpdated,
        )

        milestones.declare()
        tabs.register()
        register_labels(LABELS)
        gates.register(GATE, evidence_gate)
        add_nav(
            NavItem(
                _("纪实"), "chronicle:list", "timeline-event", "人员", 42, lambda actor: actor.holds(Capability.VIEW)
            )
        )
        on(PersonChanged, follow_person, same_transaction=True)
        on(UnitCreated, follow_unit, same_transaction=True)
        on(UnitUpdated, follow_unit, same_transaction=True)
        on(UnitDissolved, follow_unit, same_transaction=True)

        on(UnitPathsChanged, follow_units, same_transaction=True)
        on(UnitPathsRebuilt, derive_again, same_transaction=True)


LABELS = {
    "chronicle.record": _("记录纪实"),
    "chronicle.record_many": _("成批记录纪实"),
    "chronicle.follow": _("纪实随来源更新"),
    "chronicle.correct": _("更正纪实"),
    "chronicle.withdraw": _("撤销纪实"),
    "chronicle.restate": _("来源更正后重述纪实"),
    "chronicle.view_story": _("查看人员纪实"),
    "chronicle.export": _("导出纪实"),
}
