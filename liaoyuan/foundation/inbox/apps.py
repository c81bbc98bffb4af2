"""Registers what the inbox adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboxConfig(AppConfig):
    """消息与待办"""

    name = "liaoyuan.foundation.inbox"
    label = "inbox"
    verbose_name = "消息与待办"

    def ready(self) -> None:
        """Menu, the bell of every page, to-dos, words, jobs."""
        from liaoyuan.foundation.accounts.capabilities import name_capabilities
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.inbox import desk, tasks
        from liaoyuan.foundation.inbox.policies import Capability, can_see_deliveries, can_send
        from liaoyuan.kernel import registry

        assert tasks  # noqa: S101  imported for its jobs
        registry.add_nav(
            registry.NavItem(
                _("消息与待办"), "inbox:list", "bell", "工作台", 3, lambda actor: actor.user_id is not None, key="n"
            ),
            registry.NavItem(
                _("发出的消息"), "inbox:sent", "send", "工作台", 4, lambda actor: bool(can_send(actor)), key="s"
            ),
            registry.NavItem(
                _("消息投递"), "inbox:deliveries", "mail-forward", "管理", 935,
                lambda actor: bool(can_see_deliveries(actor)),
            ),
        )  # fmt: skip
        registry.add_header("inbox", "inbox/_bell.html", desk.bell)
        registry.add_todos("inbox", desk.todos)
        registry.add_todos("inbox.deliveries", desk.dead_letters)
        name_capabilities({Capability.SEND: _("向所属人员发送消息")})
        register_labels(
            {
                "inbox.send": _("发送消息"),
                "inbox.chase": _("催阅消息"),
                "inbox.withdraw": _("撤回消息"),
                "inbox.snooze": _("推迟待办"),
                "inbox.channels": _("更改接收渠道"),
                "inbox.delivery_retry": _("重发失败的投递"),
            }
        )
