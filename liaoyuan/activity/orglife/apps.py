"""Registers what meetings add to the chronicle and to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrglifeConfig(AppConfig):
    """组织生活"""

    name = "liaoyuan.activity.orglife"
    label = "orglife"
    verbose_name = "组织生活"

    def ready(self) -> None:
        """Kinds of fact (the duties MT-01…MT-07 close by them), menu, to-dos, words, handlers."""
        from liaoyuan.activity.orglife import handlers, todos
        from liaoyuan.activity.orglife import registry as rights
        from liaoyuan.activity.orglife.policies import Capability
        from liaoyuan.activity.orglife.rules.meetings import KINDS
        from liaoyuan.activity.orglife.selectors.rights import lost_by_penalty
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.foundation.regulations.citations import Screen, register_screens
        from liaoyuan.kernel import bus, registry
        from liaoyuan.organisation.chronicle import kinds
        from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
        from liaoyuan.organisation.units.wording import add_capability_words

        kinds.register(
            *(
                kinds.FactKind(
                    key=kind.fact_kind,
                    label=kind.label,
                    sentence="{unit}召开" + kind.label + "：{title}",
                    about="unit",
                    schema={"title": str, "attended": int, "on_roll": int, "note": str, "evidence": str},
                    icon=kind.icon,
                )
                for kind in KINDS.values()
            )
        )
        schema = {"what": str, "note": str, "evidence": str}
        kinds.register(
            kinds.FactKind(
                "orglife.excused", "组织生活请假", "{name}因故请假，未参加{what}", schema=schema, icon="calendar-off"
            ),
            kinds.FactKind("orglife.absent", "组织生活未到", "{name}未参加{what}", schema=schema, icon="user-off"),
        )
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        registry.add_nav(
            registry.NavItem(
                label=_("会议"),
                route="orglife:list",
                icon="users-group",
                group="组织生活",
                order=44,
                visible=lambda actor: actor.person_id is not None or actor.holds(Capability.VIEW),
                key="z",
            )
        )
        rights.add_rights_source("discipline", lost_by_penalty)
        registry.add_todos("orglife", todos.todos)
        register_labels(AUDIT_WORDS)
        add_capability_words(CAPABILITY_WORDS)
        # Same transaction: a list must never show a meeting under a path that is another's by now.
        bus.on(UnitPathsChanged, handlers.follow_units, same_transaction=True)
        bus.on(UnitPathsRebuilt, handlers.derive_again, same_transaction=True)


CAPABILITY_WORDS = {
    "orglife.view": _("查看会议与决议"),
    "orglife.call": _("召集会议"),
    "orglife.chair": _("主持会议、开始和结束表决、签署决议"),
    "orglife.record": _("签到、计票、写会议记录"),
}
AUDIT_WORDS = {
    "orglife.meeting_call": _("召集会议"),
    "orglife.meeting_open": _("宣布开会"),
    "orglife.meeting_close": _("散会"),
    "orglife.meeting_cancel": _("取消会议"),
    "orglife.presence_mark": _("会议签到"),
    "orglife.presence_correct": _("散会后更正到会情况"),
    "orglife.roll_exclude": _("认定没有表决权"),
    "orglife.roll_include": _("恢复表决权"),
    "orglife.motion_add": _("提出表决事项"),
    "orglife.motion_open": _("开始表决"),
    "orglife.motion_close": _("结束表决并计票"),
    "orglife.motion_withdraw": _("撤回表决事项"),
    "orglife.ballot_cast": _("投票（不含内容）"),
    "orglife.written_opinion_record": _("登记会前书面意见"),
    "orglife.paper_tally_record": _("录入计票"),
    "orglife.hands_record": _("录入举手票数"),
    "orglife.resolution_sign": _("签署决议"),
}
# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = (
    (_("会议：召集、签到和记录"), "orglife:list", "MT-01 MT-02 MT-03 MT-04 MT-05 MT-06 MT-07 MT-21 TB-04"),
    (_("会议：名册和表决权"), "orglife:list", "MT-17 DM-28"),
    (
        _("会议：表决和计票"),
        "orglife:list",
        "MT-10 MT-11 MT-12 MT-14 MT-15 MT-16 MT-18 DM-24 DM-25 DM-26 DM-27 DM-29 DM-33",
    ),
    (_("会议：会前书面意见"), "orglife:list", "MT-19 DM-28"),
)
