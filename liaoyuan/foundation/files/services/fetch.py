"""Fetching a file through its gate."""

from uuid import UUID

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.files import gates
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor


def file_fetch(*, actor: Actor, file_id: UUID) -> StoredFile:
    """The file, after its gate has let ``actor`` through; fetching is recorded (unless its gate is for pictures).

    Raises NotInScope for unknown and expired files, NotPermitted with the gate's reason.
    """
    stored = StoredFile.objects.filter(pk=file_id).first()
    if stored is None or (stored.expires_at is not None and stored.expires_at <= now()):
        raise NotInScope()
    gates.decide(actor, stored.gate, stored.gate_key).require()
    if gates.audited(stored.gate):
        record(
            actor,
            "files.download",
            object_type="files.stored_file",
            object_id=stored.id,
            object_label=stored.name,
            detail={"gate": stored.gate, "key": stored.gate_key, "sm3": stored.sm3},
        )
    return stored
