"""The instance's secrets: made at the first start, kept outside the database, never in the repository."""

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """Secret material of one instance. ``fields`` maps a key id to 16 bytes (SM4); the last id encrypts."""

    django: str
    fields: dict[str, bytes]
    index: bytes
    audit: bytes
    initial: bytes


_writes = True


def write_no_keys() -> None:
    """From now on this process makes keys in memory only: who restores brings them along, and who is refused shall find
    his folder as it was. Call it before Django is set up."""
    global _writes
    _writes = False


def load_keys(home: Path) -> Keys:
    """Read ``home/keys.toml``, making it (mode 600) where it is missing. Raises ValueError where it is damaged."""
    path = home / "keys.toml"
    text = "" if path.exists() else _new()
    if text and _writes:
        _create(path, text)
        text = ""
    try:
        raw = tomllib.loads(text or path.read_text())
        return Keys(
            django=raw["django"],
            fields={name: bytes.fromhex(value) for name, value in raw["fields"].items()},
            index=bytes.fromhex(raw["index"]),
            audit=bytes.fromhex(raw["audit"]),
            initial=bytes.fromhex(raw["initial"]),
        )
    except (KeyError, ValueError, tomllib.TOMLDecodeError) as error:
        raise ValueError(
            f"密钥文件 {path} 已损坏（{error}）。请从备份恢复，切勿删除：没有它就无法解密身份证号和电话。"
        ) from error


def _new() -> str:
    return (
        f'django = "{secrets.token_urlsafe(48)}"\n'
        f'index = "{secrets.token_hex(32)}"\n'
        f'audit = "{secrets.token_hex(32)}"\n'
        f'initial = "{secrets.token_hex(32)}"\n'
        f'\n[fields]\nk1 = "{secrets.token_hex(16)}"\n'
    )


def _create(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        os.link(draft, path)  # two first starts at once: the first file wins, whole
    except FileExistsError:
        pass
    finally:
        draft.unlink()
