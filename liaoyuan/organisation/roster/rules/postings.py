"""Checks of the sheet 外出: one place at a time."""

from datetime import date

from liaoyuan.organisation.roster.rules.findings import Findings
from liaoyuan.organisation.roster.rules.rows import Known, Part, PersonFact, PostingRow, UnitFact
from liaoyuan.organisation.roster.rules.units import check_places
from liaoyuan.organisation.units.rules import BRANCHES
from liaoyuan.organisation.whereabouts.rules import Span, date_problem, overlapping


def check_postings(
    part: Part[PostingRow], units: dict[str, UnitFact], people: dict[str, PersonFact], known: Known, today: date
) -> Findings:
    """Everything wrong on the sheet."""
    notes = Findings(part.title)
    of_person: dict[str, list[PostingRow]] = {}
    purposes = "、".join(sorted(known.purposes))
    for row in part.rows:
        person = people.get(row.number)
        if row.number and known.limited and (person is None or known.hides(row.number)):
            notes.add(row.row, "人员编号", "out_of_reach", what=row.number)  # and nothing more is said about him
            continue
        if row.number and person is None:
            notes.add(row.row, "人员编号", "person_unknown", number=row.number)
        if row.purpose and row.purpose not in known.purposes:
            notes.add(row.row, "事由", "purpose_unknown", purpose=row.purpose, purposes=purposes)
        if row.attached:
            _check_attached(row, units, person, notes)
        if row.since is not None:
            _check_days(row, notes, today)
            if row.number:
                of_person.setdefault(row.number, []).append(row)
    _overlaps(of_person, known, notes, today)
    check_places(part.rows, part.bad, known, notes, name="地点名称")
    return notes


def _check_attached(row: PostingRow, units: dict[str, UnitFact], person: PersonFact | None, notes: Findings) -> None:
    unit = units.get(row.attached)
    if unit is None:
        notes.add(row.row, "挂靠组织编码", "unit_unknown", code=row.attached)
        return
    if unit.kind and unit.kind not in BRANCHES:
        notes.add(row.row, "挂靠组织编码", "unit_not_branch", code=row.attached, name=unit.name)
    if person is not None and person.unit == row.attached:
        notes.add(row.row, "挂靠组织编码", "attached_to_home", name=unit.name)
    end = row.ended_on
    if unit.dissolved_on is not None and (end is None or end > unit.dissolved_on):
        notes.add(row.row, "挂靠组织编码", "attached_after_end", name=unit.name, day=unit.dissolved_on)


def _check_days(row: PostingRow, notes: Findings, today: date) -> None:
    since = row.since
    if since is None:
        return
    problem = date_problem(since, row.planned_end, today)
    if problem:
        early = row.planned_end is not None and row.planned_end < since
        column = "预计结束日期" if row.planned_end is not None and (early or "预计" in problem) else "开始日期"
        notes.add(row.row, column, "ends_before_start" if early else "day_implausible",
                  message=problem, start=since, end=row.planned_end)  # fmt: skip
    if row.ended_on is not None:
        if row.ended_on < since:
            notes.add(row.row, "实际结束日期", "ends_before_start", start=since, end=row.ended_on)
        elif row.ended_on > today:
            notes.add(row.row, "实际结束日期", "in_future_day", what="实际结束日期", day=row.ended_on)


def _overlaps(of_person: dict[str, list[PostingRow]], known: Known, notes: Findings, today: date) -> None:
    for number, rows in of_person.items():
        recorded = known.postings.get(number, ())
        if len(rows) == 1 and not recorded:
            continue
        rows.sort(key=lambda row: (row.since or today, row.row))
        days = {row.since for row in rows}
        others = [Span(*days_of, label="") for days_of in recorded if days_of[0] not in days]
        earlier: list[tuple[Span, PostingRow]] = []
        for row in rows:
            if row.since is None:
                continue
            span = Span(row.since, row.planned_end, row.ended_on)
            for other, first in earlier:
                if overlapping(span, (other,), today):
                    notes.add(row.row, "开始日期", "posting_overlap", first=first.row)
                    break
            clash = overlapping(span, others, today)
            if clash:
                notes.add(row.row, "开始日期", "posting_overlap_recorded", day=clash.since)
            earlier.append((span, row))
