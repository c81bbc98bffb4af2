"""What an import would do: the difference between a checked book and what the platform holds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from liaoyuan.kernel.crypto import sm3
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.layout import UNITS
from liaoyuan.organisation.roster.policies import Capability
from liaoyuan.organisation.roster.rules.findings import Finding, Findings
from liaoyuan.organisation.roster.rules.rows import Book, Known, Part, PersonRow, PostingRow, TenureRow, UnitRow
from liaoyuan.organisation.roster.selectors.rows import people_rows, posting_rows, tenure_rows, unit_rows
from liaoyuan.organisation.roster.showing import show

Row = TypeVar("Row", UnitRow, PersonRow, TenureRow, PostingRow)
# A place's coordinates belong to the place; an account, once given, is not taken away by an empty cell.
_NOT_COMPARED = frozenset({"row", "lon", "lat"})
_KEEPS_WHEN_EMPTY = frozenset({"account"})
_OWN = frozenset({"standing", "unit", "group", "applied_on", "activist_on", "candidate_on", "received_on", "full_on"})


@dataclass(slots=True)
class Change(Generic[Row]):
    """An existing row that will be another. ``key`` is its id in hex, ``person`` its person's, ``user`` the account's;
    ``fields`` maps the changed keys to old and new value."""

    key: str
    old: Row
    new: Row
    fields: dict[str, tuple[Any, Any]]
    person: str = ""
    user: str | None = None


@dataclass(slots=True)
class Section(Generic[Row]):
    """One sheet's share: rows to create and to change, how many say what is so already, how many of the platform's rows
    in reach the file does not mention (they are left alone)."""

    title: str
    created: list[Row] = field(default_factory=list)
    changed: list[Change[Row]] = field(default_factory=list)
    same: int = 0
    absent: int = 0


@dataclass(slots=True)
class Plan:
    """Everything an import would write. ``people_known`` maps the numbers of existing people that the file mentions to
    (id, account id), hex. ``sites`` are places to make or to move; ``moved`` the old positions of the latter."""

    units: Section[UnitRow]
    people: Section[PersonRow]
    tenures: Section[TenureRow]
    postings: Section[PostingRow]
    sites: dict[str, tuple[float, float]] = field(default_factory=dict)
    moved: dict[str, tuple[float, float]] = field(default_factory=dict)
    people_known: dict[str, tuple[str, str | None]] = field(default_factory=dict)

    @property
    def sections(self) -> "tuple[tuple[str, Section[Any]], ...]":
        """The four shares with their keys, in the order of the workbook."""
        return (
            ("units", self.units),
            ("people", self.people),
            ("tenures", self.tenures),
            ("postings", self.postings),
        )

    @property
    def empty(self) -> bool:
        """Whether nothing would be written."""
        return not self.sites and not any(section.created or section.changed for _, section in self.sections)

    def digest(self) -> str:
        """A fingerprint: equal for plans that would write the same."""
        told = [
            [key, [repr(row) for row in section.created], [[one.key, repr(one.fields)] for one in section.changed]]
            for key, section in self.sections
        ]
        return sm3(json.dumps([told, sorted(self.sites.items())], ensure_ascii=False).encode())


def make_plan(book: Book, known: Known, actor: Actor) -> tuple[Plan, list[Finding]]:
    """The plan of a book without errors, and what only the comparison shows (a change to one's own record)."""
    plan = Plan(Section("组织"), Section("人员"), Section("任职"), Section("外出"))
    reach = actor.reach(Capability.IMPORT)
    if book.units:
        _units(plan, book.units, known, reach)
    if book.people:
        _people(plan, book.people, known, reach)
    if book.tenures:
        _tenures(plan, book.tenures, known, reach)
    if book.postings:
        _postings(plan, book.postings, known, reach)
    _places(plan, book, known)
    _know_people(plan)
    return plan, [*_ended(plan, book), *_own(plan, book, actor)]


def _compare(present: Iterable[str], old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    found = {}
    for key in present:
        before, after = getattr(old, key), getattr(new, key)
        if before != after and not (key in _KEEPS_WHEN_EMPTY and not after):
            found[key] = (before, after)
    return found


def _columns(part: Part[Any], *keys: str) -> tuple[str, ...]:
    return tuple(sorted(part.present - _NOT_COMPARED - set(keys)))


def _units(plan: Plan, part: Part[UnitRow], known: Known, reach: tuple[str, ...]) -> None:
    section = plan.units
    section.title = part.title
    if not known.units:
        section.created = list(part.rows)
        return
    existing = {row.code: (key, row) for key, row in unit_rows()}
    columns = _columns(part, "code")
    named = set()
    for row in part.rows:
        named.add(row.code)
        found = existing.get(row.code)
        if found is None:
            section.created.append(row)
        elif fields := _compare(columns, found[1], row):
            section.changed.append(Change(found[0].hex, found[1], row, fields))
        else:
            section.same += 1
    section.absent = sum(_within(fact.path, reach) for code, fact in known.units.items() if code not in named)


def _people(plan: Plan, part: Part[PersonRow], known: Known, reach: tuple[str, ...]) -> None:
    section = plan.people
    section.title = part.title
    if not known.people:
        section.created = list(part.rows)
        return
    by_number = {row.number: row for row in part.rows}
    columns = _columns(part, "number")
    if "group" not in columns and part.present & {"unit", "standing"}:
        columns = (*columns, "group")  # filled in (``selectors.absent``): who moves or leaves the Party leaves it
    old = [number for number in by_number if number in known.people]
    section.created = [row for row in part.rows if row.number not in known.people]
    for key, user, before in people_rows(numbers=old):
        row = by_number[before.number]
        plan.people_known[before.number] = (key.hex, user.hex if user else None)
        if fields := _compare(columns, before, row):
            section.changed.append(Change(key.hex, before, row, fields, key.hex, user.hex if user else None))
        else:
            section.same += 1
    section.changed.sort(key=lambda change: change.new.row)
    section.absent = sum(
        not fact.left and number not in by_number and _within(fact.path, reach) for number, fact in known.people.items()
    )


def _tenures(plan: Plan, part: Part[TenureRow], known: Known, reach: tuple[str, ...]) -> None:
    section = plan.tenures
    section.title = part.title
    numbers = sorted({row.number for row in part.rows if row.number in known.people})
    existing = {
        (row.number, row.unit, row.post, row.since): (key, person, row)
        for key, person, row in tenure_rows(numbers=numbers)
    }
    columns = _columns(part, "number", "unit", "post", "since")
    for row in part.rows:
        found = existing.pop((row.number, row.unit, row.post, row.since), None)
        if found is None:
            section.created.append(row)
        elif fields := _compare(columns, found[2], row):
            section.changed.append(Change(found[0].hex, found[2], row, fields, found[1].hex))
        else:
            section.same += 1
    section.absent = len(existing)


def _postings(plan: Plan, part: Part[PostingRow], known: Known, reach: tuple[str, ...]) -> None:
    section = plan.postings
    section.title = part.title
    numbers = sorted({row.number for row in part.rows if row.number in known.people})
    existing = {(row.number, row.since): (key, person, row) for key, person, row in posting_rows(numbers=numbers)}
    columns = _columns(part, "number", "since")
    for row in part.rows:
        found = existing.pop((row.number, row.since), None)
        if found is None:
            section.created.append(row)
        elif fields := _compare(columns, found[2], row):
            section.changed.append(Change(found[0].hex, found[2], row, fields, found[1].hex))
        else:
            section.same += 1
    section.absent = len(existing)


def _places(plan: Plan, book: Book, known: Known) -> None:
    for part in (book.units, book.postings):
        for row in part.rows if part else ():
            if row.site and row.lon is not None and row.lat is not None:
                at = (row.lon, row.lat)
                if known.sites.get(row.site) != at:
                    plan.sites[row.site] = at
                    if row.site in known.sites:
                        plan.moved[row.site] = known.sites[row.site]


def _know_people(plan: Plan) -> None:
    """Ids of existing people whom only the sheets 任职 and 外出 mention."""
    created = {row.number for row in plan.people.created}
    wanted = {number for number in _mentioned(plan) if number not in created and number not in plan.people_known}
    if wanted:
        for key, user, row in people_rows(numbers=sorted(wanted)):
            plan.people_known[row.number] = (key.hex, user.hex if user else None)


def _mentioned(plan: Plan) -> Iterator[str]:
    for section in (plan.tenures, plan.postings):
        yield from (row.number for row in section.created)
        yield from (change.new.number for change in section.changed)


def _ended(plan: Plan, book: Book) -> list[Finding]:
    """What has ended is not changed any more, by no verb."""
    findings = Findings(book.units.title if book.units else "")
    for change in plan.units.changed:
        if change.old.dissolved_on is not None:
            for key, (was, _) in change.fields.items():
                column = UNITS.column(key)
                shown = show(column, was)
                kind = "ended_unit_changed" if shown else "ended_unit_emptied"
                findings.add(change.new.row, column.title, kind, day=change.old.dissolved_on, was=shown)
    return findings


def _own(plan: Plan, book: Book, actor: Actor) -> list[Finding]:
    """Nobody keeps his own standing, branch or posts (``members.policies.can_decide``), not by a file either."""
    if actor.person_id is None:
        return []
    me = actor.person_id.hex
    findings: list[Finding] = []
    if book.people:
        notes = Findings(book.people.title)
        for change in plan.people.changed:
            if change.key == me and change.fields.keys() & _OWN:
                notes.add(change.new.row, "人员编号", "own_record")
        findings += notes
    if book.tenures:
        notes = Findings(book.tenures.title)
        mine = {number for number, (key, _) in plan.people_known.items() if key == me}
        rows = [*plan.tenures.created, *(change.new for change in plan.tenures.changed)]
        for row in rows:
            if row.number in mine:
                notes.add(row.row, "人员编号", "own_record")
        findings += notes
    return findings


def _within(path: str, reach: tuple[str, ...]) -> bool:
    return any(path.startswith(prefix) for prefix in reach)
