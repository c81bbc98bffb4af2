"""Registers what members adds to others' pages; no logic."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """人员"""

    name = "liaoyuan.organisation.members"
    label = "members"
    verbose_name = "人员"

    def ready(self) -> None:
        """Who a user is, what belonging gives, what follows a change of the tree, menu, words of the trail."""
        from liaoyuan.foundation.accounts.services import register_role_check
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.regulations.citations import Screen, register_screens
        from liaoyuan.kernel import registry, scoping
        from liaoyuan.organisation.members import audiences, checks, handlers, tabs
        from liaoyuan.organisation.members.policies import Capability
        from liaoyuan.organisation.members.selectors import access, counting, people
        from liaoyuan.organisation.units import registry as units

        scoping.grant_source(access.membership_pairs)
        scoping.person_source(access.person_id_of)
        register_role_check(handlers.role_check)
        handlers.register()
        units.register_occupancy(handlers.occupancy)
        units.register_counter(counting.unit_counts)
        units.register_people(people.unit_people)
        units.register_access(access.membership_access)
        tabs.register()
        checks.register()
        audiences.register()
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        registry.add_nav(
            registry.NavItem(
                label=str(_("人员")),
                route="members:list",
                icon="users",
                group="人员",
                order=30,
                visible=lambda actor: actor.holds(Capability.VIEW),
                key="m",
            ),
            registry.NavItem(
                label=str(_("我的档案")),
                route="members:me",
                icon="id-badge-2",
                group="人员",
                order=35,
                visible=lambda actor: actor.person_id is not None,
                key="w",
                bottom=True,
            ),
        )
        register_labels(AUDIT_WORDS)
        post_migrate.connect(_protect, sender=self)


AUDIT_WORDS = {
    "members.view_file": _("查看档案"),
    "members.print": _("打印档案"),
    "members.reveal": _("查看身份证号或电话全文"),
    "members.find_by_id": _("按身份证号查找"),
    "members.export": _("导出人员名单"),
    "members.create": _("新增人员"),
    "members.update": _("修改档案"),
    "members.move": _("变更组织关系"),
    "members.attach": _("登记挂靠"),
    "members.detach": _("结束挂靠"),
    "members.standing": _("变更政治面貌"),
    "members.tenure_begin": _("任职"),
    "members.tenure_end": _("免职"),
    "members.leave": _("离队"),
    "members.return": _("归队"),
    "members.account": _("办理账号"),
    "members.account_link": _("关联账号"),
    "members.account_unlink": _("解除账号关联"),
}


def _protect(apps: Any = None, **rest: Any) -> None:
    """After migrate: the guard against overlapping memberships. Skipped while a partial migration has no such table."""
    from liaoyuan.organisation.members.protection import protect

    try:
        (apps or global_apps).get_model("members", "Membership")
    except LookupError:
        return
    protect(connection)


# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = (
    (_("人员：政治面貌和入党日期"), "members:list", "DM-01 DM-11 DM-39 DM-40"),
    (_("人员：组织关系"), "members:list", "TR-01 TB-01"),
    (_("人员：任职"), "members:list", "BR-07 BR-08 BR-12"),
)
