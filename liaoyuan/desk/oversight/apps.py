"""Registers what oversight adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """监督"""

    name = "liaoyuan.desk.oversight"
    label = "oversight"
    verbose_name = "监督"

    def ready(self) -> None:
        """Menu, to-dos, words, the nightly proofs."""
        from liaoyuan.desk.oversight import tasks, todos
        from liaoyuan.desk.oversight.policies import Capability
        from liaoyuan.desk.oversight.selectors import truths
        from liaoyuan.desk.oversight.selectors.proofs import PROVE
        from liaoyuan.desk.oversight.selectors.system import BACKUP
        from liaoyuan.foundation.accounts.capabilities import name_capabilities
        from liaoyuan.foundation.accounts.rules import SYSTEM_MANAGE
        from liaoyuan.foundation.audit.policies import Capability as Audit
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.kernel.registry import NavItem, add_nav, add_proof, add_tile, add_todos

        assert tasks  # noqa: S101  imported for its job
        register_labels({PROVE: _("核对派生数据"), BACKUP: _("备份实例"), "instance.restore": _("恢复实例")})
        name_capabilities({Capability.DATA_QUALITY: str(_("查看数据质量"))})
        add_todos("oversight.data_quality", todos.data_problems)
        add_todos("oversight.system", todos.system_troubles)
        add_todos("oversight.chain", todos.chain_troubles)
        add_tile("oversight.looks", todos.looks_tile)
        add_proof("oversight.administrators", str(_("三员与组织岗位互斥")), truths.administrators_proof)
        add_proof("oversight.memberships", str(_("所在支部与组织关系")), truths.memberships_proof)
        add_proof("oversight.paths", str(_("查看范围所依据的路径")), truths.paths_proof)
        add_proof("oversight.standings", str(_("政治面貌")), truths.standings_proof)
        add_nav(
            NavItem(
                str(_("谁看过我的档案")), "oversight:my_lookups", "eye-search", "工作台", 30,
                lambda actor: actor.person_id is not None,
            ),
            NavItem(
                str(_("数据质量")), "oversight:data_quality", "clipboard-check", "管理", 920,
                lambda actor: actor.holds(Capability.DATA_QUALITY),
            ),
            NavItem(
                str(_("审计记录")), "oversight:log", "history", "管理", 930, lambda actor: actor.holds(Audit.VIEW)
            ),
            NavItem(
                str(_("审计链核验")), "oversight:chain", "shield-check", "管理", 931,
                lambda actor: actor.holds(Audit.VIEW),
            ),
            NavItem(
                str(_("系统运行")), "oversight:system", "heart-rate-monitor", "管理", 940,
                lambda actor: actor.holds(SYSTEM_MANAGE),
            ),
        )  # fmt: skip
