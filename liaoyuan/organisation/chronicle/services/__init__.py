"""Writes of the chronicle."""

from liaoyuan.organisation.chronicle.services.correct import fact_correct, fact_withdraw
from liaoyuan.organisation.chronicle.services.record import NewFact, fact_record, facts_record

__all__ = ["NewFact", "fact_correct", "fact_record", "fact_withdraw", "facts_record"]
