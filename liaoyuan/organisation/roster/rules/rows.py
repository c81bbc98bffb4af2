"""Rows of a roster once their cells have a meaning, and what is known already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from liaoyuan.foundation.regulations.limits import TEXTS, Limits

Row = TypeVar("Row")


@dataclass(slots=True)
class UnitRow:
    """A line of 组织. ``kind`` is a ``UnitKind`` value; "" and None stand for empty cells."""

    row: int
    code: str = ""
    name: str = ""
    kind: str = ""
    parent: str = ""
    host_body: str = ""
    can_approve: bool = False
    founded_on: date | None = None
    elected_on: date | None = None
    site: str = ""
    lon: float | None = None
    lat: float | None = None
    approver: str = ""
    mission: str = ""
    planned_end_on: date | None = None
    dissolved_on: date | None = None


@dataclass(slots=True)
class PersonRow:
    """A line of 人员. Codes are the stored ones (``members.codes``); ``dues_base`` is in fen."""

    row: int
    number: str = ""
    name: str = ""
    sex: str = ""
    ethnicity: str = ""
    birth_date: date | None = None
    id_number: str = ""
    native_place: str = ""
    education: str = ""
    category: str = ""
    rank: str = ""
    position: str = ""
    phone: str = ""
    account: str = ""
    standing: str = ""
    unit: str = ""
    group: str = ""
    applied_on: date | None = None
    activist_on: date | None = None
    candidate_on: date | None = None
    received_on: date | None = None
    full_on: date | None = None
    dues_base: int | None = None


@dataclass(slots=True)
class TenureRow:
    """A line of 任职. ``post`` is the post's name; ``until`` the last day."""

    row: int
    number: str = ""
    unit: str = ""
    post: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class PostingRow:
    """A line of 外出. ``ended_on`` is the day of return."""

    row: int
    number: str = ""
    purpose: str = ""
    site: str = ""
    lon: float | None = None
    lat: float | None = None
    attached: str = ""
    since: date | None = None
    planned_end: date | None = None
    ended_on: date | None = None


@dataclass(slots=True)
class Part(Generic[Row]):
    """One sheet's rows. ``title`` is the sheet's name in the file; ``present`` the columns it has; ``bad`` cells whose
    value was refused already, as (row, key), so that nobody complains of them twice."""

    title: str
    rows: list[Row]
    present: frozenset[str]
    bad: set[tuple[int, str]] = field(default_factory=set)


@dataclass(slots=True)
class Book:
    """A roster's rows by sheet; None where the file has no such sheet."""

    units: "Part[UnitRow] | None" = None
    people: "Part[PersonRow] | None" = None
    tenures: "Part[TenureRow] | None" = None
    postings: "Part[PostingRow] | None" = None


@dataclass(frozen=True, slots=True)
class PostFact:
    """A post: its name, whether only full members may hold it, and the kinds of unit it exists in (() = any)."""

    name: str
    code: str
    needs_full: bool
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit as it is or will be. ``changed_on``: from when its last recorded change holds."""

    code: str
    name: str
    kind: str
    parent: str
    founded_on: date | None
    dissolved_on: date | None
    path: str = ""
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A person as he is or will be; ``left``: no longer in service."""

    number: str
    unit: str
    standing: str
    full_on: date | None
    path: str = ""
    account: str = ""
    left: bool = False


def _nothing(book: Book, known: "Known") -> None:
    """Without a platform there is nothing to fill in."""


@dataclass(slots=True)
class Known:
    """What the platform holds already: everything the cross-checks need. Empty without a database.

    ``ids`` maps blind indexes of ID numbers to 人员编号, ``index`` makes one; ``accounts`` maps account names to
    人员编号 ("" = an account without a person); ``limits`` are the regulations' numbers, as units have set them;
    ``fill`` gives rows of what exists the values that their file has no column for."""

    posts: Mapping[str, PostFact]
    purposes: frozenset[str]
    units: dict[str, UnitFact] = field(default_factory=dict)
    people: dict[str, PersonFact] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    sites: dict[str, tuple[float, float]] = field(default_factory=dict)
    tenures: dict[tuple[str, str, str], list[tuple[date, date | None]]] = field(default_factory=dict)
    postings: dict[str, list[tuple[date, date | None, date | None]]] = field(default_factory=dict)
    index: Callable[[str], str] = str
    fill: Callable[[Book, "Known"], None] = _nothing
    reach: tuple[str, ...] = ("",)
    limits: Limits = TEXTS

    def reaches(self, path: str) -> bool:
        """Whether the importing actor may touch what lies at ``path``."""
        return any(path.startswith(prefix) for prefix in self.reach)

    @property
    def limited(self) -> bool:
        """Whether there is anything that the importing actor may not touch."""
        return "" not in self.reach

    def hides(self, number: str) -> bool:
        """Whether 人员编号 ``number`` is somebody's whom the actor does not reach: nothing about him may be told."""
        fact = self.people.get(number)
        return fact is not None and not self.reaches(fact.path)

    def hides_unit(self, unit: "UnitFact | None") -> bool:
        """Whether a unit exists out of the actor's reach: its name and days are not his to read here."""
        return unit is not None and bool(unit.path) and not self.reaches(unit.path)
