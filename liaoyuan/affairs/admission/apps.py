"""Registers what admission adds to others' pages; no logic."""

from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdmissionConfig(AppConfig):
    """发展党员"""

    name = "liaoyuan.affairs.admission"
    label = "admission"
    verbose_name = "发展党员"

    def ready(self) -> None:
        """Duty rules with their kinds of fact, words, handlers, jobs, menu."""
        from liaoyuan.activity.notices.events import PostingClosed, PostingWithdrawn
        from liaoyuan.activity.orglife.events import MotionDecided
        from liaoyuan.affairs.admission import desk, handlers, tasks
        from liaoyuan.affairs.admission.policies import Capability
        from liaoyuan.affairs.admission.rules.acts import ACTS
        from liaoyuan.affairs.admission.selectors.company import MentorsTold
        from liaoyuan.affairs.admission.services.noting import KEPT, Keeper
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.foundation.regulations.citations import Screen, register_screens
        from liaoyuan.kernel import bus, registry
        from liaoyuan.organisation.chronicle import hands
        from liaoyuan.organisation.chronicle.events import FactsRecorded
        from liaoyuan.organisation.duties import registry as duties
        from liaoyuan.organisation.members.events import PersonChanged, PersonLeft, PersonMoved, PersonReturned
        from liaoyuan.organisation.roster.events import RosterImported
        from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
        from liaoyuan.organisation.units.wording import add_capability_words

        assert tasks  # noqa: S101  imported for its jobs
        duties.register(Path(__file__).parent / "data")
        duties.add_door(desk.DOORS, desk.door)
        duties.add_companions(["DM-07"], MentorsTold())
        hands.keep(KEPT, Keeper())
        register_labels({f"admission.{act}": info.label for act, info in ACTS.items()})
        register_labels(AUDIT_WORDS)
        add_capability_words(CAPABILITY_WORDS)
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        registry.add_nav(
            registry.NavItem(
                str(_("发展党员")), "admission:board", "user-plus", "党务", 50,
                lambda actor: actor.holds(Capability.VIEW), key="f",
            )
        )  # fmt: skip
        # A vote or a posting and the case's step are written together: a crash between them would lose the step. What
        # the case cannot take never undoes them (handlers._take).
        bus.on(MotionDecided, handlers.on_decided, same_transaction=True)
        bus.on(PostingClosed, handlers.on_posted, same_transaction=True)
        bus.on(PostingWithdrawn, handlers.on_posting_withdrawn, same_transaction=True)
        # A list must never show a case under a path, or in a branch, that is another's by now.
        bus.on(PersonMoved, handlers.on_moved, same_transaction=True)
        # Nothing is accepted in the case of somebody who has left; one that goes on is not opened anew.
        bus.on(PersonLeft, handlers.on_left, same_transaction=True)
        bus.on(PersonReturned, handlers.on_returned, same_transaction=True)
        bus.on(UnitPathsChanged, handlers.follow_units, same_transaction=True)
        bus.on(UnitPathsRebuilt, handlers.derive_again, same_transaction=True)
        bus.on(PersonChanged, handlers.on_person)
        bus.on(PersonChanged, handlers.on_companion)
        bus.on(PersonMoved, handlers.on_companion)
        bus.on(RosterImported, handlers.on_import)
        bus.on(FactsRecorded, handlers.on_facts)


CAPABILITY_WORDS = {
    "admission.view": _("查看发展党员案卷"),
    "admission.manage": _("登记谈话、考察、培训等发展党员工作"),
    "admission.decide": _("登记支部研究决定的发展党员事项"),
    "admission.approve": _("办理上级党委的备案、同意、预审和审批"),
}
AUDIT_WORDS = {
    "admission.take_over": _("按花名册补建发展案卷"),
    "admission.catch_up": _("案卷随政治面貌变更"),
    "admission.correct": _("更正发展案卷记录"),
    "admission.cancel": _("撤销发展案卷记录"),
    "admission.not_taken": _("表决或公示结果没有记入案卷"),
    "admission.read": _("查看发展案卷"),
    "admission.paper": _("登记案卷材料"),
    "admission.print": _("生成案卷文书"),
    "admission.export": _("导出发展案卷"),
    "admission.compare": _("并列比较发展人选"),
    "admission.list_export": _("导出案卷清单"),
}
# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = (
    (_("发展党员：申请入党和谈话"), "admission:open", "DM-01 DM-02 DM-03"),
    (_("发展党员：入党积极分子的培养考察"), "admission:board", "DM-04 DM-06 DM-07 DM-08 DM-10"),
    (_("发展党员：确定发展对象和公示"), "admission:board", "DM-11 DM-12 DM-13"),
    (_("发展党员：介绍人、政审和培训"), "admission:board", "DM-15 DM-16 DM-17 DM-18 DM-19 DM-20"),
    (_("发展党员：预审和支部大会讨论接收"), "admission:board", "DM-21 DM-22 DM-23 DM-24 DM-27 DM-29 DM-30 DM-33"),
    (_("发展党员：上级党委审批"), "admission:board", "DM-32 DM-34 DM-35 DM-36"),
    (_("发展党员：预备期、宣誓和转正"), "admission:board", "DM-38 DM-39 DM-40 DM-41 DM-42 DM-43 DM-44 DM-45 DM-46"),
    (_("发展党员：年度计划"), "admission:plan", "DM-03 DM-11 DM-39"),
)
