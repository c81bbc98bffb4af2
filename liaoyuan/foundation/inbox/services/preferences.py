"""What one wants of the outside channels."""

from collections.abc import Mapping
from datetime import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.inbox.adapters import CHANNELS
from liaoyuan.foundation.inbox.models import ChannelPreference
from liaoyuan.foundation.inbox.rules import Mode, domain_allowed
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor


def channels_set(*, actor: Actor, email: str, modes: Mapping[str, str], digest_at: time | None) -> ChannelPreference:
    """Set one's own address, channels and time of the digest (None: the instance's). Raises DomainError for an address
    that is none or lies outside of the domains mail may go to."""
    if actor.user_id is None:
        raise NotInScope()
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise DomainError(_("这不是一个电子邮箱地址。"), field="email") from None
        if not domain_allowed(email, settings.LIAOYUAN.email_domains):
            names = "、".join(settings.LIAOYUAN.email_domains)
            raise DomainError(_("只能填写这些域的邮箱：%(names)s。") % {"names": names}, field="email")
    chosen = {name: str(Mode(mode)) for name, mode in modes.items() if name in CHANNELS}
    with unit_of_work():
        row, _new = ChannelPreference.objects.select_for_update().get_or_create(user_id=actor.user_id)
        moved = row.email != email
        row.email, row.modes, row.digest_at, row.updated_at = email, {**row.modes, **chosen}, digest_at, now()
        row.save()
        record(
            actor,
            "inbox.channels",
            object_type="inbox.preference",
            object_id=actor.user_id,
            detail={"modes": row.modes, "email_changed": moved, "digest_at": str(digest_at or "")},
        )
    return row
