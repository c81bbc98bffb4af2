"""Registers what the chronicle adds to others' pages; no logic."""

from django.apps import AppConfig


class ChronicleConfig(AppConfig):
    """纪实"""

    name = "liaoyuan.organisation.chronicle"
    label = "chronicle"
    verbose_name = "纪实"

    def ready(self) -> None:
        """Facts keep their unit's path when it moves: same transaction, or a list would lie meanwhile."""
        from liaoyuan.kernel.bus import on
        from liaoyuan.organisation.chronicle.handlers import derive_again, follow_units
        from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt

        on(UnitPathsChanged, follow_units, same_transaction=True)
        on(UnitPathsRebuilt, derive_again, same_transaction=True)
