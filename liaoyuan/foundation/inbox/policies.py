"""Who may send messages, and who looks after their delivery. One's own inbox needs no capability."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.rules import SYSTEM_MANAGE
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """Capabilities of this app."""

    SEND = "inbox.send"


def can_send(actor: Actor) -> Decision:
    """Whether ``actor`` may write to people at all; to whom, the audience decides by the same capability."""
    if actor.user_id is not None and actor.holds(Capability.SEND):
        return Allowed()
    return Denied(_("发送消息由党支部（党委）书记和机关干事负责，您没有发送的权限。"))


def can_see_deliveries(actor: Actor) -> Decision:
    """The outside channels are the system administrator's: he sees that something failed, never what it said."""
    return Allowed() if actor.holds(SYSTEM_MANAGE) else Denied(_("外部渠道的投递由系统管理员维护。"))
