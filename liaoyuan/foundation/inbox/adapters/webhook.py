"""A signed POST to the unit's own gateway (short messages).

Headers: ``X-Liaoyuan-Delivery`` (the same over all tries: drop what you have had), ``X-Liaoyuan-Timestamp`` (Unix
seconds; refuse what is old), ``X-Liaoyuan-Signature: v1=`` HMAC-SM3 in hex over ``timestamp + "." + body``.
2xx means taken. Redirects are not followed.
"""

import http.client
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.inbox.adapters.base import Envelope, Failed, Refused, Unreachable
from liaoyuan.foundation.inbox.adapters.wording import link
from liaoyuan.foundation.inbox.audiences import contacts
from liaoyuan.foundation.inbox.models import ChannelPreference
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.crypto import mac

_FINAL = {400, 410, 422}  # the gateway has read it and will never take it


class WebhookChannel:
    """The gateway named in the settings."""

    name = "webhook"
    label = _("短信网关")

    def active(self) -> bool:
        """A gateway is named."""
        return bool(settings.LIAOYUAN.webhook_url)

    def usable(self, preference: ChannelPreference | None) -> bool:
        """The gateway goes by account: it reaches everybody."""
        return True

    def addresses(self, user_ids: list[UUID], preferences: dict[UUID, ChannelPreference]) -> dict[UUID, str]:
        """Telephone numbers, where the settings hand them over at all."""
        return contacts(self.name, user_ids) if settings.LIAOYUAN.webhook_phone else {}

    @contextmanager
    def open(self) -> Iterator[Any]:
        """Every call has a connection of its own."""
        yield None

    def send(self, connection: Any, envelope: Envelope) -> None:
        """One POST. Redirects and other answers fail; 400, 410 and 422 are final."""
        body = payload(envelope)
        stamp = str(int(now().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "liaoyuan",
            "X-Liaoyuan-Delivery": str(envelope.id),
            "X-Liaoyuan-Timestamp": stamp,
            "X-Liaoyuan-Signature": f"v1={signature(stamp, body)}",
        }
        try:
            status = _post(settings.LIAOYUAN.webhook_url, body, headers, settings.LIAOYUAN.channel_timeout_seconds)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"连不上网关（{type(error).__name__}）") from error
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise Failed(f"网关要求转到别处（{status}），不予跟随；请检查 webhook_url")
        raise (Refused if status in _FINAL else Failed)(f"网关没有接收（{status}）")


def payload(envelope: Envelope) -> bytes:
    """The body of the POST: JSON in UTF-8."""
    lines = [
        {
            "title": line.title,
            "url": link(line.url),
            "level": line.level,
            "due_on": line.due_on.isoformat() if line.due_on else None,
        }
        for line in envelope.lines
    ]
    data = {
        "id": str(envelope.id),
        "purpose": envelope.purpose,
        "created_at": envelope.created_at.isoformat(timespec="seconds"),
        "to": {"account": envelope.account, "name": envelope.name, "phone": envelope.address},
        "text": envelope.subject,
        "items": lines,
        "more": envelope.more,
    }
    return json.dumps(data, ensure_ascii=False).encode()


def signature(stamp: str, body: bytes) -> str:
    """HMAC-SM3 over the time and the body, in hex, by the key shared with the gateway."""
    return mac(settings.LIAOYUAN.webhook_secret.get_secret_value().encode(), stamp.encode() + b"." + body)


def _post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> int:
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=timeout, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=timeout)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
