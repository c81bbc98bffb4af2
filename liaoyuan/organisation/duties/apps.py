"""Registers what duties adds to others' pages; no logic."""

from pathlib import Path

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """到点提醒"""

    name = "liaoyuan.organisation.duties"
    label = "duties"
    verbose_name = "到点提醒"

    def ready(self) -> None:
        """Rules, jobs, handlers, the page's entries."""
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.kernel.bus import on
        from liaoyuan.organisation.chronicle.events import FactsRecorded
        from liaoyuan.organisation.duties import handlers, registry, tasks
        from liaoyuan.organisation.members.events import PersonLeft, PersonMoved, PersonReturned
        from liaoyuan.organisation.roster.events import RosterImported
        from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt, UnitUpdated

        assert tasks  # noqa: S101  imported for its jobs
        registry.register(Path(__file__).parent / "data")
        register_labels(LABELS)
        on(FactsRecorded, handlers.on_facts)
        on(RosterImported, handlers.on_import)
        on(PersonMoved, handlers.on_person)
        on(PersonLeft, handlers.on_person)
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
}
