"""What accounts adds to the menu, to capability names, and to the home page."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.accounts.capabilities import name_capabilities
from liaoyuan.foundation.accounts.policies import Capability
from liaoyuan.foundation.accounts.selectors import password_age_left
from liaoyuan.foundation.audit.labels import register_labels
from liaoyuan.kernel import registry
from liaoyuan.kernel.scoping import Actor

WARN_DAYS = 7

# What the audit trail calls our actions.
_AUDIT_WORDS = {
    "accounts.login": gettext_lazy("登录"),
    "accounts.logout": gettext_lazy("退出登录"),
    "accounts.create": gettext_lazy("建立账号"),
    "accounts.rename": gettext_lazy("账号更名"),
    "accounts.disable": gettext_lazy("停用账号"),
    "accounts.enable": gettext_lazy("启用账号"),
    "accounts.lock": gettext_lazy("锁定账号"),
    "accounts.unlock": gettext_lazy("解锁账号"),
    "accounts.export": gettext_lazy("导出账号列表"),
    "accounts.password_change": gettext_lazy("修改口令"),
    "accounts.password_reset": gettext_lazy("重置口令"),
    "accounts.initial_code_issue": gettext_lazy("发放初始口令"),
    "accounts.sessions_end": gettext_lazy("结束登录"),
    "accounts.totp_on": gettext_lazy("启用动态码"),
    "accounts.totp_off": gettext_lazy("停用动态码"),
    "accounts.totp_reset": gettext_lazy("重置动态码"),
    "accounts.totp_requirement": gettext_lazy("规定是否须用动态码"),
    "accounts.recovery_codes_new": gettext_lazy("生成备用码"),
    "accounts.recovery_codes_view": gettext_lazy("查看备用码"),
    "accounts.token_create": gettext_lazy("建立接口令牌"),
    "accounts.token_revoke": gettext_lazy("作废接口令牌"),
    "accounts.tokens_revoke": gettext_lazy("作废全部接口令牌"),
    "accounts.administrator_appoint": gettext_lazy("任命管理员"),
    "accounts.administrator_demote": gettext_lazy("解除管理员"),
    "accounts.demo_prepare": gettext_lazy("准备演示账号"),
}


def register() -> None:
    """Called once from ``AccountsConfig.ready``."""
    registry.add_nav(
        registry.NavItem(
            label=gettext_lazy("账号管理"),
            route="accounts:manage",
            icon="users-group",
            group="管理",
            order=910,
            visible=lambda actor: actor.holds(Capability.VIEW),
        ),
    )
    register_labels(_AUDIT_WORDS)
    registry.add_todos("accounts.password", password_todo)
    name_capabilities(
        {
            Capability.VIEW: gettext_lazy("查看账号"),
            Capability.MANAGE: gettext_lazy("管理账号"),
            Capability.INITIAL_CODES: gettext_lazy("发放初始口令"),
            "system.manage": gettext_lazy("系统设置与运行"),
            "audit.view": gettext_lazy("查看审计记录"),
        }
    )


def password_todo(actor: Actor) -> Iterable[registry.Todo]:
    """A password that expires within a week. One query."""
    left = password_age_left(actor)
    if left is None or left > WARN_DAYS:
        return []
    return [
        registry.Todo(
            title=_("口令将在 %(days)s 天内到期") % {"days": max(left, 1)},
            why=_("口令使用满 %(days)s 天须更换（SC-01）。") % {"days": settings.LIAOYUAN.password_max_age_days},
            url=reverse("accounts:password"),
            action=_("修改口令"),
            severity=2,
            icon="key",
        )
    ]
