"""Writes of the chronicle."""

from liaoyuan.organisation.chronicle.services.correct import fact_correct, fact_withdraw
from liaoyuan.organisation.chronicle.services.follow import (
    Wanted,
    facts_follow,
    people_follow,
    tenures_follow,
    units_follow,
)
from liaoyuan.organisation.chronicle.services.newcomers import standings_begin
from liaoyuan.organisation.chronicle.services.note import evidence_add, fact_note, proof_keep
from liaoyuan.organisation.chronicle.services.record import NewFact, fact_record, facts_record
from liaoyuan.organisation.chronicle.services.restate import facts_restate

__all__ = [
    "NewFact",
    "Wanted",
    "evidence_add",
    "fact_correct",
    "fact_note",
    "fact_record",
    "fact_withdraw",
    "facts_follow",
    "facts_record",
    "facts_restate",
    "people_follow",
    "proof_keep",
    "standings_begin",
    "tenures_follow",
    "units_follow",
]
