"""Cheap hashes: these tests log in some five hundred times."""

import pytest

from liaoyuan.foundation.accounts.hashers import TunedArgon2Hasher
from liaoyuan.foundation.accounts.tests import factories


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pass over one MiB, and no hash of the real cost left over from another test."""
    monkeypatch.setattr(TunedArgon2Hasher, "time_cost", 1)
    monkeypatch.setattr(TunedArgon2Hasher, "memory_cost", 1024)
    monkeypatch.setattr(factories, "_hashes", {})
