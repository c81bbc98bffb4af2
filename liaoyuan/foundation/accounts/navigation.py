"""What accounts adds to the menu, to capability names, and to the home page."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.accounts.capabilities import name_capabilities
from liaoyuan.foundation.accounts.policies import Capability
from liaoyuan.foundation.accounts.selectors import password_age_left
from liaoyuan.kernel import registry
from liaoyuan.kernel.scoping import Actor

WARN_DAYS = 7


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
