"""Registers what postings add to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """公示"""

    name = "liaoyuan.activity.notices"
    label = "notices"
    verbose_name = "公示"

    def ready(self) -> None:
        """Menu, to-dos, words, handlers, the daily job, the proof."""
        from liaoyuan.activity.notices import handlers, proofs, tasks, todos
        from liaoyuan.activity.notices.policies import Capability
        from liaoyuan.activity.notices.services.facts import FACT_KINDS
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.foundation.regulations.citations import Screen, register_screens
        from liaoyuan.kernel import bus, registry
        from liaoyuan.organisation.chronicle.kinds import register
        from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
        from liaoyuan.organisation.units.wording import add_capability_words

        assert tasks  # noqa: S101  imported for its jobs
        register(*FACT_KINDS)
        register_labels(AUDIT_WORDS)
        add_capability_words(CAPABILITY_WORDS)
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        registry.add_nav(
            registry.NavItem(
                label=_("公示"),
                route="notices:list",
                icon="speakerphone",
                group="组织生活",
                order=46,
                visible=lambda actor: actor.holds(Capability.VIEW),
            )
        )
        registry.add_todos("notices", todos.todos)
        registry.add_proof("notices.content", str(_("公示的内容摘要")), proofs.content_proof)
        # Same transaction: a posting must never show to those under a path that is another's by now.
        bus.on(UnitPathsChanged, handlers.follow_units, same_transaction=True)
        bus.on(UnitPathsRebuilt, handlers.derive_again, same_transaction=True)


CAPABILITY_WORDS = {
    "notices.view": _("查看本单位的公示"),
    "notices.post": _("张贴和撤下公示"),
}
AUDIT_WORDS = {
    "notices.posting_start": _("张贴公示"),
    "notices.posting_awaiting": _("公示期满，等待核实异议"),
    "notices.posting_close": _("公示结束"),
    "notices.posting_withdraw": _("撤下公示"),
    "notices.receiver_replace": _("更换公示异议受理人，异议转交"),
    "notices.objection_submit": _("收到公示异议（不记姓名）"),
    "notices.objection_answer": _("答复公示异议（不记姓名）"),
}
# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = ((_("公示：张贴、异议和结束"), "notices:list", "DM-13 WD-08"),)
