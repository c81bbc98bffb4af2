"""Grants that come with the account itself: those of the three administrators (SC-12)."""

from collections.abc import Iterable
from typing import Any

from liaoyuan.foundation.accounts.rules import ADMIN_CAPABILITIES


def administrator_grants(user: Any) -> Iterable[tuple[str, str]]:
    """What an administrator may do, everywhere; nothing for anybody else."""
    return [(capability, "") for capability in ADMIN_CAPABILITIES.get(user.admin_kind, ())]
