"""Reads of the members app; the first argument is the actor. Other apps import from here."""

from liaoyuan.organisation.members.selectors.codes import branch_codes
from liaoyuan.organisation.members.selectors.file import (
    PersonActs,
    PersonFacts,
    acts_on,
    facts_of,
    memberships_of,
    own_person_id,
    person_by_number,
    person_card,
    person_file,
    person_timeline,
    standings_of,
    tenure_get,
    tenures_of,
)
from liaoyuan.organisation.members.selectors.listing import after, belonging, in_units, people_of_unit, people_rows
from liaoyuan.organisation.members.selectors.people import FoundPerson, people_search, search_rows, unit_people

__all__ = [
    "FoundPerson",
    "PersonActs",
    "PersonFacts",
    "acts_on",
    "after",
    "belonging",
    "branch_codes",
    "facts_of",
    "in_units",
    "memberships_of",
    "own_person_id",
    "people_of_unit",
    "people_rows",
    "people_search",
    "person_by_number",
    "person_card",
    "person_file",
    "person_timeline",
    "search_rows",
    "standings_of",
    "tenure_get",
    "tenures_of",
    "unit_people",
]
