"""Taking files in: told by their content, bounded, named safely, digested, put behind a gate."""

import hashlib
import io
from collections.abc import Collection
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.files import gates
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.rules import FileKind, Sniffer, UnfitError, clean_name, extension
from liaoyuan.kernel.db import after_unit, unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor

_CHUNK = 256 * 1024
_MB = 1024 * 1024


def file_store(
    *,
    actor: Actor,
    upload: Any,
    gate: str,
    gate_key: object,
    allowed: Collection[FileKind],
    max_mb: float | None = None,
    expires_at: datetime | None = None,
    field: str = "file",
) -> StoredFile:
    """Store what somebody uploaded (Django's ``UploadedFile``). The caller has authorised.

    Refused with a DomainError on ``field``: no or an empty file, more than ``max_mb`` (never more than the instance's
    ``upload_max_mb``), content that is not of an ``allowed`` kind, an extension that does not agree with the content,
    damaged or dangerous containers (bombs, macros, passwords). Nothing is ever read into memory whole.
    """
    if upload is None:
        raise DomainError(_("请选择要上传的文件。"), field=field)
    limit = min(max_mb or settings.LIAOYUAN.upload_max_mb, settings.LIAOYUAN.upload_max_mb)
    name = clean_name(upload.name or "")
    if getattr(upload, "too_big", False) or upload.size > limit * _MB:
        raise DomainError(
            _("文件“%(name)s”超过 %(limit)g MB 的上限。请压缩或拆分后再上传。") % {"name": name, "limit": limit},
            field=field,
        )
    try:
        kind = Sniffer(upload.file, upload.name or "").kind()
    except UnfitError as error:
        raise DomainError(_("文件“%(name)s”不能上传：%(why)s") % {"name": name, "why": error}, field=field) from error
    if kind not in allowed:
        wanted = "、".join(sorted(item.label for item in allowed))
        raise DomainError(
            _("这里只收%(wanted)s，而“%(name)s”是%(kind)s。请换成所收的格式再上传。")
            % {"wanted": wanted, "name": name, "kind": kind.label},
            field=field,
        )
    return _keep(actor, upload.file, name, kind, gate, str(gate_key), expires_at)


def file_store_bytes(
    *, actor: Actor, name: str, data: bytes, gate: str, gate_key: object, expires_at: datetime | None = None
) -> StoredFile:
    """Store a small file the platform made. Its kind is its extension's; ValueError where there is no such kind."""
    return file_store_made(
        actor=actor, name=name, content=io.BytesIO(data), gate=gate, gate_key=gate_key, expires_at=expires_at
    )


def file_store_made(
    *, actor: Actor, name: str, content: IO[bytes], gate: str, gate_key: object, expires_at: datetime | None = None
) -> StoredFile:
    """Store a file the platform made, read from ``content`` in pieces (for big exports)."""
    ending = extension(name)
    kind = next((kind for kind in FileKind if ending in kind.extensions), None)
    if kind is None:
        raise ValueError(f"no kind of file has the extension {ending!r}")
    return _keep(actor, content, clean_name(name), kind, gate, str(gate_key), expires_at)


def _keep(
    actor: Actor, content: IO[bytes], name: str, kind: FileKind, gate: str, gate_key: str, expires_at: datetime | None
) -> StoredFile:
    if not gates.known(gate):
        raise ValueError(f"no gate is called {gate!r}: register it in AppConfig.ready")
    size, digest = _measure(content)
    content.seek(0)
    with unit_of_work():
        stored = StoredFile(
            name=name,
            content_type=kind.content_type,
            size=size,
            sm3=digest,
            gate=gate,
            gate_key=gate_key,
            uploaded_by_id=actor.user_id,
            expires_at=expires_at,
        )
        stored.blob.save(name, File(content), save=False)
        after_unit(lambda: _drop_if_undone(stored))
        stored.save(force_insert=True)
        record(
            actor,
            "files.store",
            object_type="files.stored_file",
            object_id=stored.id,
            object_label=name,
            detail={"kind": kind.value, "size": size, "sm3": digest, "gate": gate, "key": gate_key},
        )
    return stored


def _measure(content: IO[bytes]) -> tuple[int, str]:
    """Size in bytes and SM3, read in pieces."""
    content.seek(0)
    size, digest = 0, hashlib.new("sm3")
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()


def _drop_if_undone(stored: StoredFile) -> None:
    """A blob whose row was rolled back belongs to nobody."""
    if not StoredFile.objects.filter(pk=stored.pk).exists():
        stored.blob.storage.delete(str(stored.blob.name))
