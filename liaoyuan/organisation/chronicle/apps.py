"""Registers what the chronicle adds to others' pages; no logic."""

from django.apps import AppConfig


class ChronicleConfig(AppConfig):
    """纪实"""

    name = "liaoyuan.organisation.chronicle"
    label = "chronicle"
    verbose_name = "纪实"

    def ready(self) -> None:
        """Facts keep their unit's path when it moves, and milestones follow their sources: in the same transaction, or
        a list would lie meanwhile and a crash between the two would lose a fact."""
        from liaoyuan.kernel.bus import on
        from liaoyuan.organisation.chronicle import milestones
        from liaoyuan.organisation.chronicle.handlers import derive_again, follow_person, follow_unit, follow_units
        from liaoyuan.organisation.members.events import PersonChanged
        from liaoyuan.organisation.units.events import (
            UnitCreated,
            UnitDissolved,
            UnitPathsChanged,
            UnitPathsRebuilt,
            UnitUpdated,
        )

        milestones.declare()
        on(PersonChanged, follow_person, same_transaction=True)
        on(UnitCreated, follow_unit, same_transaction=True)
        on(UnitUpdated, follow_unit, same_transaction=True)
        on(UnitDissolved, follow_unit, same_transaction=True)

        on(UnitPathsChanged, follow_units, same_transaction=True)
        on(UnitPathsRebuilt, derive_again, same_transaction=True)
