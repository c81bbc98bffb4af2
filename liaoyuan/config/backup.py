"""One file that holds an instance: database, uploads, keys; and bringing the instance back from it.

A backup is a ZIP file: ``database.sqlite3`` or ``database/<table>.copy``, ``files/…``, ``keys.toml`` and, last,
``manifest.json`` with the version, the migrations and the SM3 digest of every part. It is taken while the instance
serves: SQLite's online backup, or PostgreSQL's COPY inside one REPEATABLE READ transaction (no pg_dump, whose version
would have to match the server's). The database comes first, so every upload that it mentions is already there.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from liaoyuan import __version__
from liaoyuan.config import dump
from liaoyuan.config.cli.errors import Refused
from liaoyuan.config.keys import load_keys
from liaoyuan.config.locks import HomeClaim, holders, run_folder_exists
from liaoyuan.config.prepare import pending_migrations
from liaoyuan.config.processes.worker import GROUP as WORKER
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.clock import local, now
from liaoyuan.kernel.crypto import mac
from liaoyuan.kernel.scoping import Actor

MANIFEST = "manifest.json"
KEYS = "keys.toml"
FILES = "files/"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself. ``parts`` maps a member to its SM3; ``missing`` are uploads that were gone."""

    format: int
    version: str
    database: str
    made_at: str
    key_mark: str
    migrations: list[str]
    parts: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def write(file: Path, *, with_keys: bool) -> str:
    """Write the backup to ``file`` (mode 600, whole or not at all); a sentence that says what is in it."""
    record(Actor.system("命令行", via="cli"), "instance.backup", object_label=file.name, detail={"keys": with_keys})
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    manifest = Manifest(
        format=FORMAT,
        version=__version__,
        database=connection.vendor,
        made_at=now().isoformat(),
        key_mark=_key_mark(),
        migrations=_applied(),
    )
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name, chunks in dump.parts(draft.parent):
                manifest.parts[name] = _add(archive, name, chunks)
            for name in _uploads():
                if not default_storage.exists(name):
                    manifest.missing.append(name)
                    continue
                with default_storage.open(name) as upload:
                    manifest.parts[FILES + name] = _add(archive, FILES + name, _chunks(upload), pack=False)
            if with_keys:
                text = (Path(settings.LIAOYUAN.home) / KEYS).read_bytes()
                manifest.parts[KEYS] = _add(archive, KEYS, iter([text]))
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    count = sum(name.startswith(FILES) for name in manifest.parts)
    keys = "含密钥，请按涉密载体保管" if with_keys else "不含密钥，请另行保管 keys.toml"
    gone = f"；{len(manifest.missing)} 个上传文件已不在存储中，见清单" if manifest.missing else ""
    return f"已备份到 {file}（{file.stat().st_size / 2**20:.1f} MiB，{count} 个上传文件，{keys}{gone}）。"


def read(file: Path, *, force: bool) -> str:
    """Put the instance in ``file`` in place of this one. Everything is checked before anything is changed. Raises
    Refused where the file is damaged, was made by another version or database, where this instance runs, or holds data
    and ``force`` is not given."""
    with _opened(file) as archive:
        manifest = _verified(archive, file)
        if not run_folder_exists():  # nothing ever ran here: what is refused leaves not even the claim's file behind
            _refuse_unfit(manifest, force=force)
        claim = HomeClaim()
        if not claim.acquire():
            raise Refused(f"本实例正在运行（进程号 {claim.holder()}）。请先停机再恢复。")
        try:
            _refuse_unfit(manifest, force=force)
            dump.make_tables()
            for name in manifest.parts:
                if name.startswith(FILES):
                    _put_upload(archive, name)
            dump.load(archive, manifest.parts, Path(settings.LIAOYUAN.home))
            if KEYS in manifest.parts:
                _put_keys(archive.read(KEYS))
        finally:
            claim.release()
    settings.KEYS = load_keys(settings.LIAOYUAN.home)
    settings.SECRET_KEY = settings.KEYS.django
    record(
        Actor.system("命令行", via="cli"),
        "instance.restore",
        object_label=file.name,
        detail={"made_at": manifest.made_at, "forced": force},
    )
    return f"已从 {file} 恢复（{manifest.made_at[:16].replace('T', ' ')} UTC 的备份）。所有人需要重新登录。"


def is_empty() -> bool:
    """Whether nobody and nothing was entered yet: no account, no organisation, no person."""
    if not dump.has_tables():
        return True
    asked = ("accounts.User", "units.Unit", "members.Person")
    tables = set(connection.introspection.table_names())
    found = [apps.get_model(name) for name in asked]
    return not any(model._meta.db_table in tables and model._default_manager.exists() for model in found)


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError) as error:
        raise Refused(f"{file} 不是完整的备份文件（{error}）。没有做任何改动。") from error


def _verified(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """The manifest, after every part was read and found to be what it says."""
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
        if manifest.format != FORMAT:
            raise Refused(f"{file} 的格式（{manifest.format}）本版本不认识。没有做任何改动。")
        if set(archive.namelist()) != {*manifest.parts, MANIFEST}:
            raise ValueError("清单与内容不符")
        for name, expected in manifest.parts.items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise ValueError(f"不该有的路径 {name}")
            with archive.open(name) as part:
                if _digest(_chunks(part)) != expected:
                    raise ValueError(f"{name} 的摘要不符")
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, EOFError, OSError) as error:
        raise Refused(f"{file} 已损坏（{error}）。没有做任何改动。") from error
    return manifest


def _refuse_unfit(manifest: Manifest, *, force: bool) -> None:
    if manifest.version != __version__:
        raise Refused(
            f"这个备份由 {manifest.version} 版制作，本机是 {__version__} 版。请用 {manifest.version} 版恢复，再升级。"
        )
    if manifest.database != connection.vendor:
        raise Refused(f"这个备份来自 {manifest.database}，本实例使用 {connection.vendor}。请改用同一种数据库恢复。")
    if connection.vendor == "postgresql" and holders(WORKER):
        raise Refused("还有任务进程连着这个数据库。请先停止所有机器上的 liaoyuan 再恢复。")
    if KEYS not in manifest.parts and manifest.key_mark != _key_mark():
        path = Path(settings.LIAOYUAN.home) / KEYS
        here = f"{path} 又不是原来那一份" if path.exists() else f"也没有 {path}"
        raise Refused(f"备份里没有密钥，{here}。请先放回原来的 keys.toml 再恢复。")
    if not force and not is_empty():
        raise Refused("本实例已有数据。确实要用备份覆盖它，请加 --force（原有数据将不复存在）。")
    if connection.vendor == "sqlite" or not dump.has_tables():
        unknown = set(manifest.migrations) ^ set(dump.known_migrations())
    else:
        unknown = set(manifest.migrations) ^ set(_applied()) or set(pending_migrations())
    if unknown:
        raise Refused(f"备份的数据库结构与本机不同（{sorted(unknown)[0]} 等 {len(unknown)} 处）。没有做任何改动。")


def _applied() -> list[str]:
    """Those of this version's migrations that the database has had. It also remembers those that a later one has since
    replaced."""
    recorded = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    return sorted(recorded.intersection(dump.known_migrations()))


def _key_mark() -> str:
    """Tells whether two key files are the same without showing anything of them."""
    return mac(settings.KEYS.audit + settings.KEYS.index, b"liaoyuan backup")[:16]


def _uploads() -> Iterator[str]:
    """Names of every stored file that a row mentions, each once."""
    seen: set[str] = set()
    for model in apps.get_models():
        for column in model._meta.concrete_fields:
            if isinstance(column, models.FileField):
                for name in model._default_manager.values_list(column.attname, flat=True).iterator():
                    if name and name not in seen:
                        seen.add(name)
                        yield name


def _add(archive: zipfile.ZipFile, name: str, chunks: Iterator[bytes], *, pack: bool = True) -> str:
    """Add one member piece by piece; its SM3."""
    digest = hashlib.new("sm3")
    moment = local(now())
    member = zipfile.ZipInfo(name, date_time=moment.timetuple()[:6])
    member.compress_type = zipfile.ZIP_DEFLATED if pack else zipfile.ZIP_STORED
    member.external_attr = 0o600 << 16
    with archive.open(member, "w", force_zip64=True) as target:
        for chunk in chunks:
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _chunks(source: IO[bytes] | Any) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _digest(chunks: Iterator[bytes]) -> str:
    digest = hashlib.new("sm3")
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def _put_upload(archive: zipfile.ZipFile, member: str) -> None:
    name = member.removeprefix(FILES)
    if default_storage.exists(name):
        default_storage.delete(name)
    with archive.open(member) as source:
        default_storage.save(name, _Upload(source))  # type: ignore[arg-type]  # reads in chunks, as storages do


class _Upload:
    """What Django's storages ask of a file, over a member of the archive."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return _chunks(self.source)

    def read(self, size: int = -1) -> bytes:
        return self.source.read(size)


def _put_keys(text: bytes) -> None:
    path = Path(settings.LIAOYUAN.home) / KEYS
    if path.exists():
        if path.read_bytes() == text:
            return
        path.replace(path.with_name("keys.before-restore.toml"))
    path.touch(mode=0o600)
    path.write_bytes(text)
