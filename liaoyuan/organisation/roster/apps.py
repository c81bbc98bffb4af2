"""Registers what roster adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RosterConfig(AppConfig):
    """花名册"""

    name = "liaoyuan.organisation.roster"
    label = "roster"
    verbose_name = "花名册"

    def ready(self) -> None:
        """Menu, the gate of uploaded files, handlers, jobs, words for the trail."""
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.files import gates
        from liaoyuan.kernel import bus, registry
        from liaoyuan.organisation.roster import gate, handlers, tasks
        from liaoyuan.organisation.roster.policies import Capability
        from liaoyuan.organisation.units import events as units

        assert tasks  # noqa: S101  imported for its jobs
        gates.register("roster.upload", gate.decide)
        register_labels(LABELS)
        # Same transaction: see the handlers.
        bus.on(units.UnitPathsChanged, handlers.on_paths_changed, same_transaction=True)
        bus.on(units.UnitPathsRebuilt, handlers.on_paths_rebuilt, same_transaction=True)
        registry.add_nav(
            registry.NavItem(
                str(_("花名册")),
                "roster:index",
                "table-import",
                "人员",
                45,
                lambda actor: actor.holds(Capability.IMPORT),
            ),
            registry.NavItem(
                str(_("导出花名册")),
                "roster:export",
                "table-export",
                "人员",
                46,
                lambda actor: actor.holds(Capability.EXPORT) and not actor.holds(Capability.IMPORT),
            ),
        )


LABELS = {
    "roster.upload": _("上传花名册"),
    "roster.confirm": _("确认导入花名册"),
    "roster.discard": _("放弃花名册导入"),
    "roster.retry": _("重新核对花名册"),
    "roster.import": _("导入花名册"),
    "roster.export": _("导出花名册"),
}
