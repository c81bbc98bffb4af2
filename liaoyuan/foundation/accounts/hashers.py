"""How passwords are kept: argon2id tuned for morning bursts, and initial codes that need no hashing at import.

A roster of 100,000 people must get accounts in seconds, so a new account holds no hash but a random salt; its initial
code is derived from the salt and the instance's secret, can be printed again by whoever may, dies at the first log-in
(forced change) and is no help to who steals the database without ``keys.toml`` (ADR 0005).
"""

import hmac
import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 letters and digits that cannot be confused
CODE_LENGTH = 10  # 50 bits


class TunedArgon2Hasher(Argon2PasswordHasher):
    """argon2id well over OWASP's least (22 MiB for 19, five passes for two, one lane): as much as the bound of 60 ms
    leaves room for. On the machine that it was set on 19 MiB took 51; a sixth pass would not keep it.

    More passes rather than much more memory: eight log-ins at once in one process must not need a gigabyte.
    """

    time_cost = 5
    memory_cost = 22 * 1024
    parallelism = 1


def initial_marker() -> str:
    """A fresh ``password`` column for an account that logs in with its initial code."""
    return f"{InitialCodeHasher.algorithm}${secrets.token_hex(12)}"


def initial_code(encoded: str) -> str:
    """The initial code belonging to ``encoded``. Raises ValueError where the account has chosen a password already."""
    algorithm, _, salt = encoded.partition("$")
    if algorithm != InitialCodeHasher.algorithm:
        raise ValueError("该账号已设置口令，初始口令已失效。")
    raw = hmac.new(settings.KEYS.initial, salt.encode(), "sm3").digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in raw[:CODE_LENGTH])


class InitialCodeHasher(BasePasswordHasher):
    """Checks initial codes. Never used to store a chosen password."""

    algorithm = "initial_sm3"

    def salt(self) -> str:
        """A fresh salt."""
        return secrets.token_hex(12)

    def encode(self, password: str, salt: str) -> str:
        """Refused: chosen passwords are argon2id's."""
        raise NotImplementedError("initial codes are derived, not encoded")

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of ``encoded``."""
        algorithm, _, salt = encoded.partition("$")
        return {"algorithm": algorithm, "salt": salt, "hash": "", "iterations": 0}

    def verify(self, password: str, encoded: str) -> bool:
        """Whether ``password`` is the initial code (case and dashes forgiven), in the time an argon2id check takes:
        the difference would tell which accounts were never used."""
        TunedArgon2Hasher().encode(password, "constant-work-salt")
        given = password.strip().replace("-", "").replace(" ", "").upper()
        return hmac.compare_digest(given.encode(), initial_code(encoded).encode())

    def must_update(self, encoded: str) -> bool:
        """Stays as it is until the owner chooses a password."""
        return False

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to add: ``verify`` has done the work."""

    def safe_summary(self, encoded: str) -> Any:
        """What may be shown of it."""
        return {"algorithm": self.algorithm}
