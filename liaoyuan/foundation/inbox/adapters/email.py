"""E-mail by Django's backend (EMAIL_* settings). The Message-ID is the delivery's: a second copy can be told."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.inbox.adapters.base import Envelope, Failed, Refused, Unreachable
from liaoyuan.foundation.inbox.adapters.wording import letter
from liaoyuan.foundation.inbox.models import ChannelPreference
from liaoyuan.foundation.inbox.rules import domain_allowed


class EmailChannel:
    """Mail over the instance's SMTP server."""

    name = "email"
    label = _("电子邮件")

    def active(self) -> bool:
        """A server is named."""
        return bool(settings.EMAIL_HOST)

    def usable(self, preference: ChannelPreference | None) -> bool:
        """The person has given an address, and mail may go to its domain."""
        return preference is not None and domain_allowed(preference.email, settings.LIAOYUAN.email_domains)

    def addresses(self, user_ids: list[UUID], preferences: dict[UUID, ChannelPreference]) -> dict[UUID, str]:
        """What people have set themselves."""
        return {key: found.email for key in user_ids if (found := preferences.get(key)) and self.usable(found)}

    @contextmanager
    def open(self) -> Iterator[Any]:
        """One SMTP session, opened with the first mail."""
        connection = get_connection()
        try:
            yield connection
        finally:
            with suppress(Exception):
                connection.close()

    def send(self, connection: Any, envelope: Envelope) -> None:
        """One mail. A 5xx to the address is final; a server that does not answer is down."""
        if not envelope.address:
            raise Refused("没有可用的电子邮箱")
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        mail = EmailMessage(
            subject=envelope.subject,
            body=letter(envelope),
            to=[envelope.address],
            connection=connection,
            headers={
                "Message-ID": f"<{envelope.id}@{domain}>",
                "X-Liaoyuan-Delivery": str(envelope.id),
                "Auto-Submitted": "auto-generated",
            },
        )
        try:
            connection.open()
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            self._reset(connection)
            codes = [code for code, _text in error.recipients.values()]
            final = bool(codes) and all(500 <= code < 600 for code in codes)
            raise (Refused if final else Failed)(f"发信服务器不收这个地址（{_codes(codes)}）") from error
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            self._reset(connection)
            raise Failed(f"发信服务器拒收（{error.smtp_code}）") from error
        except smtplib.SMTPAuthenticationError as error:
            self._reset(connection)
            raise Unreachable(f"发信服务器不认账号口令（{error.smtp_code}）") from error
        except (smtplib.SMTPException, OSError) as error:
            self._reset(connection)
            raise Unreachable(f"连不上发信服务器（{type(error).__name__}）") from error

    def _reset(self, connection: Any) -> None:
        """After a failure the session starts anew with the next mail."""
        with suppress(Exception):
            connection.close()


def _codes(codes: list[int]) -> str:
    return "、".join(str(code) for code in codes) or "?"
