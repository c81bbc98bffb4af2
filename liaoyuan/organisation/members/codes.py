"""Code lists (``data/codes.toml``): national standards and ranks, looked up by label or by code.

Lookups return "" (or None for ranks) for what the list does not know: the caller says which cell or field it was.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from types import MappingProxyType
from typing import Any

NO_RANK_ORDER = 99


@dataclass(frozen=True, slots=True)
class Rank:
    """A military rank; ``order`` counts from the most senior (1); ``category`` is a ``PersonCategory`` value."""

    name: str
    order: int
    category: str


@dataclass(frozen=True, slots=True)
class RetiredRank:
    """A rank name that ended on ``ended_on`` and lives on as ``successor`` (ML-20)."""

    name: str
    successor: str
    ended_on: date
    clause: str


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("data", name).read_text(encoding="utf-8"))


_data = _read("codes.toml")
SEXES = MappingProxyType(dict(_data["sex"]["values"]))
ETHNICITIES = MappingProxyType(
    {
        code: name if code in _data["ethnicity"]["plain"] else f"{name}族"
        for code, name in _data["ethnicity"]["values"].items()
    }
)
EDUCATIONS = MappingProxyType(dict(_data["education"]["values"]))
CATEGORIES = MappingProxyType(dict(_data["category"]["values"]))
STANDINGS = MappingProxyType(dict(_data["standing"]["values"]))
RANKS = MappingProxyType(
    {
        name: Rank(name, order, category)
        for order, (name, category) in enumerate(
            ((name, category) for category in _data["rank"]["order"] for name in _data["rank"][category]), start=1
        )
    }
)
RETIRED_RANKS = MappingProxyType(
    {item["name"]: RetiredRank(item["name"], item["successor"], item["ended_on"], item["clause"])
     for item in _data["retired_rank"]}
)  # fmt: skip


def _reverse(values: MappingProxyType[str, str], aliases: dict[str, str]) -> dict[str, str]:
    return {**{label: code for code, label in values.items()}, **{code: code for code in values}, **aliases}


_sex = _reverse(SEXES, _data["sex"]["aliases"])
_ethnicity = _reverse(ETHNICITIES, {name: code for code, name in _data["ethnicity"]["values"].items()})
_education = _reverse(EDUCATIONS, _data["education"]["aliases"])
_category = _reverse(CATEGORIES, _data["category"]["aliases"])
_standing = _reverse(STANDINGS, _data["standing"]["aliases"])


def sex_code(text: str) -> str:
    """男 → 1 (GB/T 2261.1)."""
    return _sex.get(text, "")


def sex_label(code: str) -> str:
    """1 → 男."""
    return SEXES.get(code, "")


def ethnicity_code(text: str) -> str:
    """Of "汉族" or "汉" → "01" (GB/T 3304)."""
    return _ethnicity.get(text, "")


def ethnicity_label(code: str) -> str:
    """01 → 汉族."""
    return ETHNICITIES.get(code, "")


def education_code(text: str) -> str:
    """大学本科 → 21 (GB/T 4658)."""
    return _education.get(text, "")


def education_label(code: str) -> str:
    """21 → 大学本科."""
    return EDUCATIONS.get(code, "")


def category_code(text: str) -> str:
    """军士 → nco."""
    return _category.get(text, "")


def category_label(code: str) -> str:
    """nco → 军士."""
    return CATEGORIES.get(code, "")


def standing_code(text: str) -> str:
    """中共党员 → full."""
    return _standing.get(text, "")


def standing_label(code: str) -> str:
    """full → 中共党员: the words of the roster."""
    return STANDINGS.get(code, "")


def rank(name: str) -> Rank | None:
    """The rank called ``name`` today."""
    return RANKS.get(name)


def rank_order(name: str) -> int:
    """Seniority for sorting, 1 = most senior; without rank, last."""
    found = RANKS.get(name)
    return found.order if found else NO_RANK_ORDER


def retired_rank(name: str) -> RetiredRank | None:
    """A rank name that no longer exists, with its successor. A name in use today is never retired."""
    return None if name in RANKS else RETIRED_RANKS.get(name)
