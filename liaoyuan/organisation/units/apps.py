"""Registers what units adds to others' pages; no logic."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    """组织"""

    name = "liaoyuan.organisation.units"
    label = "units"
    verbose_name = "组织"

    def ready(self) -> None:
        """Navigation, the grant source of the kernel, to-dos, jobs, reference data after migrate."""
        from liaoyuan.foundation.accounts.capabilities import name_capabilities
        from liaoyuan.foundation.accounts.services import register_role_check
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.foundation.regulations.citations import Screen, register_screens
        from liaoyuan.kernel import registry, scoping
        from liaoyuan.organisation.units import proofs, tasks, todos
        from liaoyuan.organisation.units.policies import Capability
        from liaoyuan.organisation.units.selectors import grant_pairs, role_check
        from liaoyuan.organisation.units.wording import CAPABILITY_WORDS

        assert tasks  # noqa: S101  imported for its jobs
        scoping.grant_source(grant_pairs)
        register_role_check(role_check)
        name_capabilities(CAPABILITY_WORDS)
        register_labels(AUDIT_WORDS)
        registry.add_todos("units", todos.todos)
        register_screens(*(Screen(str(label), route, tuple(facts.split())) for label, route, facts in SCREENS))
        registry.add_nav(
            registry.NavItem(
                label=str(_("组织")),
                route="units:tree",
                icon="sitemap",
                group="组织",
                order=20,
                visible=lambda actor: actor.holds(Capability.VIEW),
                key="o",
            ),
            registry.NavItem(
                label=str(_("点位")),
                route="units:sites",
                icon="map-pin",
                group="组织",
                order=22,
                visible=lambda actor: actor.holds(Capability.MANAGE),
            ),
            registry.NavItem(
                label=str(_("我的权限")),
                route="units:my_access",
                icon="key",
                group="组织",
                order=24,
                visible=lambda actor: actor.user_id is not None,
            ),
        )
        registry.add_proof("units.tree", str(_("组织树的路径")), proofs.tree_proof)
        post_migrate.connect(_load_reference, sender=self)


AUDIT_WORDS = {
    "units.create": _("设立组织"),
    "units.update": _("修改组织资料"),
    "units.rename": _("组织更名"),
    "units.move": _("移动组织"),
    "units.split": _("拆分组织"),
    "units.merge": _("合并组织（接收）"),
    "units.merged": _("并入其他组织"),
    "units.dissolve": _("撤销组织"),
    "units.reorder": _("调整下级组织次序"),
    "units.site_create": _("新增点位"),
    "units.site_update": _("修改点位"),
    "units.site_retire": _("停用点位"),
    "units.site_restore": _("恢复点位"),
    "units.grant_give": _("授权"),
    "units.delegation_give": _("委托"),
    "units.grant_by_tenure": _("随任职授权"),
    "units.grant_end": _("收回权限"),
    "units.view_access": _("查看他人权限"),
}


def _load_reference(apps: Any = None, **rest: Any) -> None:
    """After migrate and flush: posts and roles. Skipped while a partial migration has no such tables."""
    from liaoyuan.organisation.units.services import reference_load

    try:
        (apps or global_apps).get_model("units", "Role")
    except LookupError:
        return
    reference_load()


# Where somebody acts under which rows of the rules table: the rule book leads here.
SCREENS = (
    (_("组织树：成立、调整和撤销党组织"), "units:tree", "BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-10 BR-11 DM-32"),
    (_("组织树：临时党支部"), "units:tree", "TB-01 TB-02 TB-03 TB-04 TB-05 TB-06"),
    (_("任免与授权"), "units:roles", "BR-12"),
)
