"""Rows of the rules table as clauses people can look up, and thresholds as the regulations have them that day."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.rules.decisions import DecisionRule, strict
from liaoyuan.activity.orglife.rules.votes import Threshold
from liaoyuan.foundation.regulations.selectors import Effective, documents, effective


def clause_words(fact: str, *, on: date) -> str:
    """ "《…》第20条" for a row of the rules table (``DM-27``), from the text in force that day; the row's id where no
    document names it."""
    fallback = fact
    for document in documents():
        for clause in document.clauses.values():
            if fact in clause.facts:
                words = _("《%(title)s》第%(clause)s条") % {"title": document.title, "clause": clause.number}
                if document.in_force(on):
                    return words
                fallback = words
    return fallback


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What one decision needs on a day at a unit, and where the numbers come from."""

    quorum: Threshold
    majority: Threshold
    quorum_clause: str
    majority_clause: str
    origin: str


def thresholds(rule: DecisionRule, *, on: date, path: str, text_of: date | None = None) -> Thresholds:
    """The shares that bind ``rule`` at the unit with ``path``; ``text_of`` picks the regulation's version."""
    quorum = effective(rule.quorum, on=on, path=path, text_of=text_of)
    majority = effective(rule.majority, on=on, path=path, text_of=text_of)
    return Thresholds(
        quorum=Threshold(_share(quorum), strict(rule.quorum)),
        majority=Threshold(_share(majority), strict(rule.majority)),
        quorum_clause=_words(quorum),
        majority_clause=_words(majority),
        origin="；".join(dict.fromkeys((quorum.origin, majority.origin))),
    )


def _share(found: Effective) -> Fraction:
    if not isinstance(found.value, Fraction):
        raise TypeError(f"{found.parameter.id} is no ratio")
    return found.value


def _words(found: Effective) -> str:
    return _("《%(title)s》第%(clause)s条") % {"title": found.document.title, "clause": found.parameter.clause}
