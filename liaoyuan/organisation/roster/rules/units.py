"""Checks of the sheet 组织: each unit by ``units.rules``, and the tree they make together with what exists."""

from datetime import date

from liaoyuan.foundation.regulations.limits import Limits
from liaoyuan.organisation.roster.rules.findings import Findings
from liaoyuan.organisation.roster.rules.rows import Known, Part, PersonFact, UnitFact, UnitRow
from liaoyuan.organisation.units.rules import UnitFacts, unit_findings

_COLUMNS = {
    "code": "组织编码",
    "name": "组织名称",
    "kind": "类别",
    "parent": "上级组织编码",
    "founded_on": "成立日期",
    "elected_on": "换届日期",
    "planned_end_on": "计划撤销日期",
    "dissolved_on": "撤销日期",
    "approved_by": "批准组织编码",
    "mission": "任务名称",
    "host_body": "所在单位",
    "can_approve_members": "可审批预备党员",
}
_KEYS = {"approved_by": "approver", "can_approve_members": "can_approve"}
# The columns that one unit is judged by, all together: whichever a file leaves out must be known to judge the others.
JUDGED = frozenset(
    {"name", "kind", "parent", "host_body", "can_approve", "founded_on", "elected_on", "approver", "mission",
     "planned_end_on", "dissolved_on"}
)  # fmt: skip
# Advice about the organisation, not a defect of the file: the unit's own page gives it.
_ADVICE = frozenset({"temporary_too_long"})
# What cannot be judged while nobody knows where the unit stands: its superior is unknown, or goes round in a circle.
_BY_PLACE = frozenset({"wrong_place", "too_deep", "approver_not_above"})
CHINA = (73.0, 136.0, 3.0, 54.0)


def merged_units(part: Part[UnitRow] | None, known: Known) -> dict[str, UnitFact]:
    """Every unit as it will be: the file's rows laid over what exists; of two rows with one code the first. What a
    file cannot take back (``_check_kept``) stays as it is."""
    units = dict(known.units)
    seen: set[str] = set()
    for row in part.rows if part else ():
        old = units.get(row.code)
        has = part.present if part else frozenset()
        if row.code and row.code not in seen:
            seen.add(row.code)
            units[row.code] = UnitFact(
                row.code,
                row.name if "name" in has or not old else old.name,
                row.kind if "kind" in has or not old else old.kind,
                row.parent or (old.parent if old else ""),
                row.founded_on if "founded_on" in has or not old else old.founded_on,
                (old.dissolved_on if old else None) or row.dissolved_on,
                old.path if old else "",
            )
    return units


def check_units(part: Part[UnitRow], units: dict[str, UnitFact], known: Known, today: date) -> Findings:
    """Everything wrong on the sheet."""
    notes = Findings(part.title)
    seen: dict[str, int] = {}
    chains = _Chains(units)
    full = {"kind", "parent", "name"} <= part.present
    for row in part.rows:
        if not row.code:
            continue
        if row.code in seen:
            notes.add(row.row, "组织编码", "duplicate_code", code=row.code, first=seen[row.code])
            continue
        seen[row.code] = row.row
        fact = units[row.code]
        above = chains.above(row.code)
        if not _reach(row, fact, units, known, above, notes):
            continue
        _check_kept(row, known.units.get(row.code), part, notes)
        astray = above is None or (bool(fact.parent) and fact.parent not in units)
        if row.code in chains.circular:
            notes.add(row.row, "上级组织编码", "parent_cycle", code=row.code)
        elif astray and above is not None and (row.row, "parent") not in part.bad:
            notes.add(row.row, "上级组织编码", "parent_unknown", code=fact.parent)
        if full or row.code in known.units:
            _check_one(row, fact, above or [], units, part, notes, today, known.limits, astray=astray)
        _check_dissolved(row, fact, units, notes)
        _check_end(row, known.units.get(row.code), notes)
    _check_children(part, seen, units, known, notes)
    check_places(part.rows, part.bad, known, notes, name="驻地名称")
    return notes


def _reach(
    row: UnitRow, fact: UnitFact, units: dict[str, UnitFact], known: Known, above: list[str] | None, notes: Findings
) -> bool:
    """A unit may be written only inside the actor's reach: its own present place, or its nearest existing ancestor.
    False where it may not; nothing more is said about it then. Where the chain of a new unit bites its tail or ends in
    a code that nobody has, that is what is wrong, and is said at its own row."""
    if not known.limited:
        return True
    path = fact.path or next((known.units[code].path for code in above or () if code in known.units), None)
    if path is None and (above is None or (above and above[-1] not in units)):
        return True
    if path is None or not known.reaches(path):
        notes.add(row.row, "组织编码", "out_of_reach", what=row.code)
        return False
    moved_to = known.units.get(fact.parent)
    moved = bool(fact.path) and moved_to is not None and known.units[row.code].parent != fact.parent
    if moved and moved_to is not None and not known.reaches(moved_to.path):
        notes.add(row.row, "上级组织编码", "out_of_reach", what=fact.parent)
        return False
    return True


def _check_one(
    row: UnitRow,
    fact: UnitFact,
    above: list[str],
    units: dict[str, UnitFact],
    part: Part[UnitRow],
    notes: Findings,
    today: date,
    limits: Limits,
    *,
    astray: bool,
) -> None:
    parent = units.get(fact.parent)
    approver = units.get(row.approver) if row.approver else None
    if row.approver and approver is None and (row.row, "approver") not in part.bad:
        notes.add(row.row, "批准组织编码", "approver_unknown", code=row.approver)
    facts = UnitFacts(
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent_kind=parent.kind if parent else None,
        depth=len(above) + 1,
        host_body=row.host_body,
        founded_on=row.founded_on,
        elected_on=row.elected_on,
        planned_end_on=row.planned_end_on,
        dissolved_on=row.dissolved_on,
        mission=row.mission,
        approver_kind=approver.kind if approver else None,
        approver_is_above=row.approver in above,
        can_approve_members=row.can_approve,
    )
    for said in unit_findings(facts, today=today, limits=limits.at(fact.path)):
        key = _KEYS.get(said.field, said.field)
        if (row.row, key) in part.bad or (said.code == "wrong_place" and (row.row, "kind") in part.bad):
            continue
        if parent is not None and not parent.kind and said.code == "wrong_place":
            continue  # the parent's own kind is unreadable and was named there
        if said.code == "temporary_without_approver" and row.approver:
            continue  # named already as unknown
        if said.code in _ADVICE or (astray and said.code in _BY_PLACE):
            continue
        notes.add(row.row, _COLUMNS.get(said.field, ""), said.code, said=said)


def _check_kept(row: UnitRow, old: UnitFact | None, part: Part[UnitRow], notes: Findings) -> None:
    """A unit does not become a top one, nor rise again, by a cell that was cleared: no verb does either."""
    if old is None:
        return
    if "parent" in part.present and old.parent and not row.parent and (row.row, "parent") not in part.bad:
        notes.add(row.row, "上级组织编码", "parent_removed", parent=old.parent)
    if "dissolved_on" not in part.present or old.dissolved_on in {None, row.dissolved_on}:
        return
    if (row.row, "dissolved_on") not in part.bad:
        notes.add(row.row, "撤销日期", "dissolution_kept", name=old.name, day=old.dissolved_on)


def _check_dissolved(row: UnitRow, fact: UnitFact, units: dict[str, UnitFact], notes: Findings) -> None:
    parent = units.get(fact.parent)
    if parent and parent.dissolved_on and (fact.dissolved_on is None or fact.dissolved_on > parent.dissolved_on):
        notes.add(row.row, "上级组织编码", "parent_dissolved", code=parent.code, day=parent.dissolved_on)


def _check_end(row: UnitRow, old: UnitFact | None, notes: Findings) -> None:
    """A unit does not end before what is recorded of it (``units.rules.change_day``)."""
    if row.dissolved_on is None or old is None or old.dissolved_on is not None or old.changed_on is None:
        return
    if row.dissolved_on < old.changed_on:
        notes.add(row.row, "撤销日期", "dissolved_before_change", day=old.changed_on)


def check_occupied(
    part: Part[UnitRow], people: dict[str, PersonFact], moving: frozenset[str], known: Known
) -> Findings:
    """People who would still belong to a branch that the file ends. Those ``moving``, whose rows say where they belong,
    are told there."""
    notes = Findings(part.title)
    gone: dict[str, UnitRow] = {}
    for row in part.rows:
        old = known.units.get(row.code)
        if row.dissolved_on and old is not None and old.dissolved_on is None and not known.hides_unit(old):
            gone.setdefault(row.code, row)
    left: dict[str, list[str]] = {}
    for number, person in people.items() if gone else ():
        if person.unit in gone and not person.left and number not in moving:
            left.setdefault(person.unit, []).append(number)
    for code, numbers in left.items():
        notes.add(gone[code].row, "撤销日期", "dissolved_with_people", count=len(numbers), number=min(numbers))
    return notes


def _check_children(
    part: Part[UnitRow], seen: dict[str, int], units: dict[str, UnitFact], known: Known, notes: Findings
) -> None:
    """A unit the file dissolves while a unit the file does not name still stands under it."""
    gone = {
        row.code: row for row in part.rows if row.code and row.dissolved_on and not known.hides_unit(units[row.code])
    }
    if not gone:
        return
    for code, unit in units.items():
        if unit.parent in gone and code not in seen and unit.dissolved_on is None:
            row = gone[unit.parent]
            notes.add(row.row, "撤销日期", "dissolved_with_units", name=unit.name)


class _Chains:
    """Ancestors of units, nearest first; None where the chain bites its tail. ``circular``: the units of such a circle
    found so far, without those that merely hang below it."""

    def __init__(self, units: dict[str, UnitFact]) -> None:
        self.units = units
        self.circular: set[str] = set()
        self.found: dict[str, list[str] | None] = {"": []}

    def above(self, code: str) -> list[str] | None:
        trail: list[str] = []
        at = code
        while at not in self.found:
            if at in trail:
                self.circular.update(trail[trail.index(at) :])
                for one in trail:
                    self.found[one] = None
                return None
            trail.append(at)
            unit = self.units.get(at)
            at = unit.parent if unit else ""
        for one in reversed(trail):
            parent = self.units[one].parent if one in self.units else ""
            higher = self.found[parent] if parent in self.units or not parent else []
            self.found[one] = None if higher is None else ([parent, *higher] if parent else [])
        return self.found[code]


def check_places(rows: list, bad: set[tuple[int, str]], known: Known, notes: Findings, *, name: str) -> None:
    """Coordinates in range, with both halves, one position per place name."""
    west, east, south, north = CHINA
    at: dict[str, tuple[float, float, int]] = {}
    placed = known.sites.keys() | {row.site for row in rows if row.lon is not None and row.lat is not None}
    for row in rows:
        lon, lat, site = row.lon, row.lat, row.site
        if lon is None and lat is None:
            if site and site not in placed and not {(row.row, "lon"), (row.row, "lat")} & bad:
                notes.add(row.row, name, "site_without_position", site=site)
            continue
        if lon is None or lat is None:
            if not {(row.row, "lon"), (row.row, "lat")} & bad:
                notes.add(row.row, "经度" if lon is None else "纬度", "position_half")
            continue
        if not site:
            if (row.row, "site") not in bad:
                notes.add(row.row, name, "position_without_site")
            continue
        first = at.get(site)
        if first is not None and first[0] == lon and first[1] == lat:
            continue
        at_home = west <= lon <= east and south <= lat <= north
        if not at_home and _wrong_position(row.row, lon, lat, notes):
            continue  # nor is it what other rows of this place are held against
        if first is not None:
            notes.add(row.row, "经度", "site_twice", site=site, first=first[2])
            continue
        at[site] = (lon, lat, row.row)
        if not at_home:
            notes.add(row.row, "经度", "position_abroad", lon=lon, lat=lat)


def _wrong_position(row: int, lon: float, lat: float, notes: Findings) -> bool:
    """Whether a position outside the country cannot be meant at all: said at its cell."""
    west, east, south, north = CHINA
    if west <= lat <= east and south <= lon <= north:
        notes.add(row, "经度", "position_swapped", lon=lon, lat=lat)
        return True
    east_west, north_south = -180 <= lon <= 180, -90 <= lat <= 90
    if not east_west:
        notes.add(row, "经度", "longitude_out_of_range", value=lon)
    if not north_south:
        notes.add(row, "纬度", "latitude_out_of_range", value=lat)
    return not (east_west and north_south)
