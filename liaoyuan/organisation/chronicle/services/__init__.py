"""Writes of the chronicle."""

from liaoyuan.organisation.chronicle.services.correct import fact_correct, fact_withdraw
from liaoyuan.organisation.chronicle.services.follow import Wanted, facts_follow, people_follow, units_follow
from liaoyuan.organisation.chronicle.services.record import NewFact, fact_record, facts_record

__all__ = [
    "NewFact",
    "Wanted",
    "fact_correct",
    "fact_record",
    "fact_withdraw",
    "facts_follow",
    "facts_record",
    "people_follow",
    "units_follow",
]
