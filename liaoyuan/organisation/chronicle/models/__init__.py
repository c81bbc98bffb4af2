"""The ledger of what happened."""

from liaoyuan.organisation.chronicle.models.fact import Fact

__all__ = ["Fact"]
