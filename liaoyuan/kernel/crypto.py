"""Fields encrypted at rest (SM4-GCM, keys that rotate) and blind indexes to find them by (HMAC-SM3).

Stored form: ``key id "." base64url(nonce | ciphertext | tag)``. The key id lets old rows be read after a rotation;
``manage reencrypt`` writes them anew. A blind index finds equal values without showing them; keep indexed pieces long
enough not to be guessed by trying all (a whole ID number, or its last six).
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import models

_NONCE = 12
_TAG = 16


def encrypt(text: str) -> str:
    """``text`` under the newest key. The empty string stays empty."""
    if not text:
        return ""
    name, key = next(reversed(settings.KEYS.fields.items()))
    nonce = os.urandom(_NONCE)
    sealer = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    sealed = sealer.update(text.encode()) + sealer.finalize()
    return f"{name}.{base64.urlsafe_b64encode(nonce + sealed + sealer.tag).decode()}"


def encrypt_many(texts: Sequence[str]) -> list[str]:
    """``[encrypt(text) for text in texts]``, each under a nonce of its own, in about two thirds of the time: the key is
    set up once and the nonces are drawn in one piece."""
    name, key = next(reversed(settings.KEYS.fields.items()))
    cipher, encode, prefix = algorithms.SM4(key), base64.urlsafe_b64encode, f"{name}."
    nonces = os.urandom(_NONCE * len(texts))
    sealed = []
    for index, text in enumerate(texts):
        if not text:
            sealed.append("")
            continue
        nonce = nonces[_NONCE * index : _NONCE * (index + 1)]
        sealer = Cipher(cipher, modes.GCM(nonce)).encryptor()
        body = sealer.update(text.encode()) + sealer.finalize()
        sealed.append(prefix + encode(nonce + body + sealer.tag).decode())
    return sealed


def decrypt(stored: str) -> str:
    """The text of ``stored``. Raises ValueError where the key is unknown or the value was tampered with."""
    if not stored:
        return ""
    name, _, body = stored.partition(".")
    key = settings.KEYS.fields.get(name)
    if key is None:
        raise ValueError(f"没有编号为 {name} 的密钥，无法解密。请检查 keys.toml。")
    raw = base64.urlsafe_b64decode(body)
    nonce, sealed, tag = raw[:_NONCE], raw[_NONCE:-_TAG], raw[-_TAG:]
    opener = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    try:
        return (opener.update(sealed) + opener.finalize()).decode()
    except InvalidTag as error:
        raise ValueError("密文校验失败：数据被改动过，或密钥不对。") from error


def blind_index(value: str, *, purpose: str) -> str:
    """32 hex characters that are equal for equal values of one ``purpose``; "" for "". HMAC-SM3, keyed."""
    if not value:
        return ""
    return hmac.new(settings.KEYS.index, f"{purpose}:{value}".encode(), "sm3").hexdigest()[:32]


def blind_indexes(values: Iterable[str], *, purpose: str) -> list[str]:
    """``[blind_index(value, purpose=purpose) for value in values]`` at a third of the cost: the keyed beginning is
    hashed once and copied."""
    begun = hmac.new(settings.KEYS.index, f"{purpose}:".encode(), "sm3")
    found = []
    for value in values:
        if value:
            one = begun.copy()
            one.update(value.encode())
            found.append(one.hexdigest()[:32])
        else:
            found.append("")
    return found


def sm3(data: bytes) -> str:
    """The SM3 digest in hex."""
    return hashlib.new("sm3", data).hexdigest()


def mac(key: bytes, data: bytes) -> str:
    """The HMAC-SM3 of ``data`` in hex."""
    return hmac.new(key, data, "sm3").hexdigest()


class EncryptedField(models.TextField):
    """Text that the database only ever sees encrypted. It cannot be filtered on: keep a blind index beside it."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        return None if value is None else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Decrypt on the way out."""
        return None if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Only ``isnull``: comparing ciphertext is always a mistake."""
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError("加密字段不能用来筛选，请用它旁边的盲索引。")
