"""Deleting files: the row in the transaction, the bytes after it."""

import logging

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor

_BATCH = 200
_log = logging.getLogger(__name__)


def file_delete(*, actor: Actor, stored: StoredFile, reason: str = "") -> None:
    """Delete ``stored``; its bytes go after the commit. The caller has authorised. Raises ProtectedError where another
    row still needs it."""
    storage, name = stored.blob.storage, str(stored.blob.name)
    with unit_of_work():
        key, label = stored.pk, stored.name
        stored.delete()
        record(
            actor,
            "files.delete",
            object_type="files.stored_file",
            object_id=key,
            object_label=label,
            reason=reason,
            detail={"sm3": stored.sm3, "gate": stored.gate, "key": stored.gate_key},
        )
        transaction.on_commit(lambda: storage.delete(name))


def files_expire(*, actor: Actor) -> int:
    """Delete every file whose time is over; returns how many. What another row still holds stays for the next time."""
    deleted = 0
    after = None
    while True:
        due = StoredFile.objects.filter(expires_at__lte=now()).order_by("id")
        batch = list((due if after is None else due.filter(id__gt=after))[:_BATCH])
        for stored in batch:
            try:
                file_delete(actor=actor, stored=stored, reason="保存期已满")
                deleted += 1
            except (ProtectedError, RestrictedError):
                _log.warning("文件 %s 已到期，但仍被引用，暂不删除", stored.pk)
        if len(batch) < _BATCH:
            return deleted
        after = batch[-1].pk
