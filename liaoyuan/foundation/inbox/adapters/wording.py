"""What is said outside: titles and addresses, never the text of a message."""

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox.adapters.base import Envelope


def link(url: str) -> str:
    """``url`` of this site as an address that works from a mail; "" where the instance does not know its own."""
    return f"{settings.LIAOYUAN.site_url}{url}" if settings.LIAOYUAN.site_url and url else ""


def letter(envelope: Envelope) -> str:
    """The body of a mail."""
    parts = [_("%(name)s：") % {"name": envelope.name}, ""]
    for number, line in enumerate(envelope.lines, 1):
        due = _("（期限 %(day)s）") % {"day": f"{line.due_on:%Y-%m-%d}"} if line.due_on else ""
        parts.append(f"{number}. {line.title}{due}" if len(envelope.lines) > 1 else f"{line.title}{due}")
        if address := link(line.url):
            parts.append(f"   {address}")
    if envelope.more:
        parts.append(_("……还有 %(count)d 项，见“消息与待办”。") % {"count": envelope.more})
    parts += ["", _("正文请登录平台查看。不想再收到这类邮件，请在“接收渠道”中关闭。")]
    return "\n".join(parts) + "\n"
