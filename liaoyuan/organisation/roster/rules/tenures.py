"""Checks of the sheet 任职: who may hold which post where, and when."""

from datetime import date
from itertools import pairwise

from liaoyuan.foundation.regulations.limits import Limits
from liaoyuan.organisation.members.rules.admission import FULL, tenure_findings
from liaoyuan.organisation.members.rules.spans import Span
from liaoyuan.organisation.roster.rules.findings import Findings
from liaoyuan.organisation.roster.rules.rows import Known, Part, PersonFact, TenureRow, UnitFact
from liaoyuan.organisation.units.rules import BRANCHES, GROUP

_COLUMNS = {"since": "任职日期"}
_GROUP_POST = "group_leader"
_SINGLE = frozenset({"secretary", "group_leader"})


def check_tenures(
    part: Part[TenureRow], units: dict[str, UnitFact], people: dict[str, PersonFact], known: Known, today: date
) -> Findings:
    """Everything wrong on the sheet."""
    notes = Findings(part.title)
    spans: dict[tuple[str, str, str], list[tuple[date, date | None, int]]] = {}
    holders: dict[tuple[str, str], list[tuple[date, date | None, str, int]]] = {}
    for row in part.rows:
        person, unit, post = people.get(row.number), units.get(row.unit), known.posts.get(row.post)
        if _elsewhere(row, person, unit, known, notes):
            continue
        if row.number and person is None:
            notes.add(row.row, "人员编号", "person_unknown", number=row.number)
        if row.unit and unit is None:
            notes.add(row.row, "组织编码", "unit_unknown", code=row.unit)
        if row.post and post is None:
            notes.add(row.row, "职务", "post_unknown", post=row.post, posts="、".join(known.posts))
        if unit is not None and post is not None:
            _check_kind(row, unit, post.code, post.kinds, notes)
        if row.since is None:
            continue
        _check_days(row, unit, notes, today)
        if person is not None and post is not None and (row.until is None or row.until >= row.since):
            _check_standing(row, person, post.name, post.needs_full, part.bad, notes, branch=unit, limits=known.limits)
        if post is not None and unit is not None and person is not None:
            spans.setdefault((row.number, row.unit, row.post), []).append((row.since, row.until, row.row))
            if post.code in _SINGLE:
                holders.setdefault((row.unit, row.post), []).append((row.since, row.until, row.number, row.row))
    _overlaps(spans, known, notes)
    for (code, post_name), held in holders.items():
        open_now = [item for item in held if item[1] is None or item[1] > today]
        for _, _, _, at in open_now[1:]:
            notes.add(at, "职务", "post_held_twice", post=post_name, unit=units[code].name, first=open_now[0][3])
    return notes


def _check_kind(row: TenureRow, unit: UnitFact, code: str, kinds: tuple[str, ...], notes: Findings) -> None:
    wrong = (kinds and unit.kind not in kinds) or (unit.kind and (code == _GROUP_POST) != (unit.kind == GROUP))
    if wrong:
        notes.add(row.row, "职务", "post_not_here", post=row.post, unit=unit.name)


def _elsewhere(row: TenureRow, person: PersonFact | None, unit: UnitFact | None, known: Known, notes: Findings) -> bool:
    """Whether the row is about somebody or something out of reach: then it is refused, and nothing more is said. A
    number that nobody has gets the same answer."""
    if not known.limited:
        return False
    hidden_unit = known.hides_unit(unit)
    if hidden_unit:
        notes.add(row.row, "组织编码", "out_of_reach", what=row.unit)
    hidden_person = bool(row.number) and (person is None or known.hides(row.number))
    if hidden_person:
        notes.add(row.row, "人员编号", "out_of_reach", what=row.number)
    return hidden_unit or hidden_person


def _check_days(row: TenureRow, unit: UnitFact | None, notes: Findings, today: date) -> None:
    since, until = row.since, row.until
    if since is None:
        return
    if since > today:
        notes.add(row.row, "任职日期", "in_future_day", what="任职日期", day=since)
    if until is not None and until < since:
        notes.add(row.row, "免职日期", "ends_before_start", start=since, end=until)
    if unit is None:
        return
    if unit.founded_on is not None and since < unit.founded_on:
        notes.add(row.row, "任职日期", "tenure_before_founding", unit=unit.name, day=unit.founded_on)
    if unit.dissolved_on is not None and (until is None or until > unit.dissolved_on):
        notes.add(row.row, "免职日期", "tenure_after_end", unit=unit.name, day=unit.dissolved_on)


def _check_standing(
    row: TenureRow,
    person: PersonFact,
    post: str,
    needs_full: bool,
    bad: set[tuple[int, str]],
    notes: Findings,
    *,
    branch: UnitFact | None,
    limits: Limits,
) -> None:
    if not needs_full or row.since is None or not person.standing:
        return
    history = [Span(person.full_on, None, FULL)] if person.standing == FULL else []
    if person.standing in {"suspended", "ended"} and person.full_on:
        history = [Span(person.full_on, None, FULL)] if row.until is not None else []
    in_branch = branch is not None and branch.kind in BRANCHES
    for said in tenure_findings(
        post,
        needs_full_member=True,
        standings=history,
        full_since=person.full_on,
        since=row.since,
        limits=limits.at(person.path),
    ):
        if said.code == "short_party_age" and not in_branch:
            continue
        notes.add(row.row, _COLUMNS.get(said.field, ""), said.code, said=said)


def _overlaps(
    spans: dict[tuple[str, str, str], list[tuple[date, date | None, int]]], known: Known, notes: Findings
) -> None:
    """The same person in the same post twice at a time, in the file or against what is recorded (a row with the same
    first day is the recorded one itself)."""
    for key, held in spans.items():
        recorded = known.tenures.get(key, ())
        if len(held) == 1 and not recorded:
            continue
        held.sort(key=lambda item: item[0])
        longest = held[0]  # of those before: the one that lasts longest, which a short one after it does not end
        for one, later in pairwise(held):
            if longest[1] is None or later[0] <= longest[1]:
                notes.add(later[2], "任职日期", "tenure_overlap", first=longest[2])
            elif later[0] == one[0]:
                notes.add(later[2], "任职日期", "tenure_overlap", first=one[2])
            longest = max(longest, later, key=lambda span: span[1] or date.max)
        days = {since for since, _, _ in held}
        for since, until, row in held:
            for start, end in recorded:
                if start not in days and start <= (until or date.max) and since <= (end or date.max):
                    notes.add(row, "任职日期", "tenure_overlap_recorded", day=start)
