"""Writing the audit trail: every write, every read of a personal file, every look-up, every refusal."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from django.conf import settings

from liaoyuan.foundation.audit.models import AuditEntry, AuditHead
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.crypto import mac
from liaoyuan.kernel.db import before_commit
from liaoyuan.kernel.scoping import Actor


def record(
    actor: Actor,
    action: str,
    *,
    object_type: str = "",
    object_id: object = "",
    object_label: str = "",
    subject_id: UUID | None = None,
    allowed: bool = True,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one row at the end of the present unit of work (at once outside of one).

    ``action`` is ``app.verb``; ``subject_id`` the Person it is about, who will see the row under "谁看过我的档案";
    ``detail`` must be JSON and must not hold what the platform encrypts.
    """
    entry = AuditEntry(
        at=now(),
        actor_id=actor.user_id,
        actor_name=actor.name[:80],
        address=actor.address,
        via=actor.via,
        action=action,
        allowed=allowed,
        reason=reason[:300],
        object_type=object_type,
        object_id=str(object_id),
        object_label=object_label[:160],
        subject_id=subject_id,
        detail=json.loads(json.dumps(dict(detail or {}), ensure_ascii=False, default=str)),
    )
    before_commit(lambda: _append(entry))


def _append(entry: AuditEntry) -> None:
    """Chain and write ``entry``. The head's row lock orders concurrent writers (SQLite has one writer anyway)."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(id=1)
    entry.seq = head.seq + 1
    entry.mac = chain_mac(head.mac, entry)
    entry.save(force_insert=True)
    head.seq, head.mac = entry.seq, entry.mac
    head.save(update_fields=["seq", "mac"])


def chain_mac(previous: str, entry: AuditEntry) -> str:
    """HMAC-SM3 over the previous row's value and this row's columns, in a form both databases give back alike."""
    columns = [
        previous,
        entry.seq,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor_id or ""),
        entry.actor_name,
        entry.address,
        entry.via,
        entry.action,
        entry.allowed,
        entry.reason,
        entry.object_type,
        entry.object_id,
        entry.object_label,
        str(entry.subject_id or ""),
        entry.detail,
    ]
    text = json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return mac(settings.KEYS.audit, text.encode())
