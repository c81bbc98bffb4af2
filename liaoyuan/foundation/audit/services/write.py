"""Writing the audit trail: every write, every read of a personal file, every look-up, every refusal.

Rows wait until the end of the unit of work and are chained together there, under one lock of the chain's head taken as
the last lock of the transaction: three queries for any number of rows.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db import connection

from liaoyuan.foundation.audit.models import AuditEntry, AuditHead
from liaoyuan.foundation.audit.rules import COLUMNS, clean_detail, clean_text
from liaoyuan.foundation.audit.seals import head_seal, row_mac
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import after_unit, before_commit, execute_last, lock_the_chain
from liaoyuan.kernel.scoping import Actor


class Subject(Protocol):
    """A person as far as the trail cares: an id, and a name as its text."""

    id: UUID


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
    """Append one row at the end of the present unit of work (at once outside of one); it is undone with it.

    ``action`` is ``app.verb``; ``subject_id`` the Person it is about, who will see the row under "谁看过我的档案";
    ``detail`` must be JSON and must not hold what the platform encrypts. Too long texts are cut.
    """
    before_commit(
        _append,
        _entry(
            actor,
            action,
            object_type=object_type,
            object_id=object_id,
            object_label=object_label,
            subject_id=subject_id,
            allowed=allowed,
            reason=reason,
            detail=detail,
        ),
    )


def read(actor: Actor, action: str, person: Subject, *, reason: str = "", **detail: Any) -> None:
    """Append "``actor`` looked at ``person``" (``record`` with the person as object and subject)."""
    record(
        actor,
        action,
        object_type="members.person",
        object_id=person.id,
        object_label=str(person),
        subject_id=person.id,
        reason=reason,
        detail=detail,
    )


def record_many(
    actor: Actor,
    action: str,
    subjects: Iterable[Subject | tuple[UUID, str]],
    *,
    object_type: str = "members.person",
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append a row for each of ``subjects`` (persons, or pairs of id and name) under one lock of the chain: for a crowd
    on the map that was opened to its names, an export, a list of results."""
    cleaned = clean_detail(dict(detail or {}))
    for subject in subjects:
        key, label = subject if isinstance(subject, tuple) else (subject.id, str(subject))
        before_commit(
            _append,
            _entry(
                actor,
                action,
                object_type=object_type,
                object_id=key,
                object_label=label,
                subject_id=key,
                reason=reason,
                detail=cleaned,
            ),
        )


def record_refusal(
    actor: Actor,
    action: str,
    *,
    reason: str,
    object_type: str = "",
    object_id: object = "",
    object_label: str = "",
    subject_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append a row for what was refused. It survives: the row is written in a transaction of its own after the present
    unit of work has ended, even when that was rolled back."""
    entry = _entry(
        actor,
        action,
        object_type=object_type,
        object_id=object_id,
        object_label=object_label,
        subject_id=subject_id,
        allowed=False,
        reason=reason,
        detail=detail,
    )
    after_unit(lambda: before_commit(_append, entry))


def _entry(
    actor: Actor,
    action: str,
    *,
    object_type: str,
    object_id: object,
    object_label: object,
    subject_id: UUID | None,
    reason: str,
    detail: Mapping[str, Any] | None,
    allowed: bool = True,
) -> AuditEntry:
    return AuditEntry(
        at=now(),
        actor_id=actor.user_id,
        actor_name=clean_text(actor.name, 80),
        address=clean_text(actor.address, 45),
        via=clean_text(actor.via, 16),
        action=clean_text(action, 64),
        allowed=allowed,
        reason=clean_text(reason, 300),
        object_type=clean_text(object_type, 48),
        object_id=clean_text(object_id, 64),
        object_label=clean_text(object_label, 160),
        subject_id=subject_id,
        detail=clean_detail(dict(detail or {})),
    )


_NAMES = (*COLUMNS, "mac")
_INSERT = f"INSERT INTO audit_auditentry ({', '.join(_NAMES)}) VALUES "  # noqa: S608  the names are ours
_ROW = f"({', '.join(['%s'] * len(_NAMES))})"
_HEAD = "UPDATE audit_audithead SET seq = %s, mac = %s, seal = %s WHERE id = 1"
_AT_ONCE = 50  # rows a statement


def _append(entries: list[AuditEntry]) -> None:
    """Chain and write ``entries``. The head's row lock orders concurrent writers (SQLite has one writer anyway).
    Always called inside a transaction. Written by hand: while the head is held, everybody waits."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        lock_the_chain(cursor, f"SELECT seq, mac FROM audit_audithead WHERE id = 1{lock}")  # noqa: S608  no outside text
        row = cursor.fetchone()
        if row is None:  # the first row ever; two at once: the loser waits for the winner's insert and reads it
            AuditHead.objects.get_or_create(id=1, defaults={"seal": head_seal(0, "")})
            cursor.execute(f"SELECT seq, mac FROM audit_audithead WHERE id = 1{lock}")  # noqa: S608
            row = cursor.fetchone()
        seq, mac = row
        for entry in entries:
            seq += 1
            entry.seq = seq
            entry.mac = mac = row_mac(mac, entry)
        statements: list[tuple[str, list[Any]]] = []
        for start in range(0, len(entries), _AT_ONCE):
            part = entries[start : start + _AT_ONCE]
            values = [value for entry in part for value in _stored(entry)]
            statements.append((_INSERT + ", ".join([_ROW] * len(part)), values))
        statements.append((_HEAD, [seq, mac, head_seal(seq, mac)]))
        execute_last(cursor, statements)


def _stored(entry: AuditEntry) -> list[Any]:
    """The columns as either database keeps them."""
    values = {name: getattr(entry, name) for name in _NAMES}
    values["at"] = connection.ops.adapt_datetimefield_value(entry.at)
    values["detail"] = json.dumps(entry.detail)
    for name in ("actor_id", "subject_id"):
        key = values[name]
        values[name] = None if key is None else key.hex if isinstance(key, UUID) else UUID(str(key)).hex
    return list(values.values())
