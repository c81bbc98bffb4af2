"""Checks of the sheet 人员: identity, standing and its dates, branch and group, duplicates."""

from datetime import date

from liaoyuan.foundation.regulations.limits import Limits
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.rules.admission import (
    IN_GROUPS,
    LABELS,
    LEAGUE,
    MASSES,
    MEMBERS,
    AdmissionDates,
    add_months,
    admission_findings,
    birth_problem,
)
from liaoyuan.organisation.members.rules.identity import check_character, id_parts, odd_character
from liaoyuan.organisation.roster.rules.findings import Findings
from liaoyuan.organisation.roster.rules.rows import Known, Part, PersonFact, PersonRow, UnitFact
from liaoyuan.organisation.units.rules import BRANCHES, GROUP, TEMPORARY_BRANCH

_WITH_RANK = frozenset({"officer", "nco", "conscript"})
_WITHOUT_RANK = frozenset({"civilian"})
_OUTSIDE = frozenset({MASSES, LEAGUE})
_KEYS = {"accepted_on": "received_on"}
YOUNGEST = 15
_DATES = frozenset({"applied_on", "activist_on", "candidate_on", "received_on", "full_on"})
_ADMISSION = _DATES | {"standing", "birth_date"}
_PLACE = frozenset({"unit", "group"})
# Columns that are judged by one another: of an existing person those that a file leaves out are the platform's.
_TOGETHER = (
    frozenset({"birth_date", "id_number", "sex"}), frozenset({"category", "rank"}), _ADMISSION,
    _PLACE | {"standing", "dues_base"},
)  # fmt: skip
_ORDER = (MASSES, LEAGUE, "applicant", "activist", "candidate", "probationary", "full")


def judged_with(present: frozenset[str]) -> frozenset[str]:
    """The columns that must be known to judge those that are ``present``: they, and what each is held against."""
    return frozenset().union(*(columns for columns in _TOGETHER if columns & present))


def group_left(old: PersonRow, new: PersonRow) -> bool:
    """Whether somebody leaves his Party group with his branch or with the Party, in a file that says nothing of it."""
    return old.unit != new.unit or new.standing not in IN_GROUPS


def merged_people(part: Part[PersonRow] | None, known: Known) -> dict[str, PersonFact]:
    """Everybody as they will be: the file's rows laid over who exists. Only what other sheets ask for."""
    people = dict(known.people) if known.people else {}
    if part is None:
        return people
    has_all = {"unit", "standing", "full_on"} <= part.present
    for row in part.rows:
        old = people.get(row.number) if people else None
        if has_all or old is None:
            people[row.number] = PersonFact(row.number, row.unit, row.standing, row.full_on, old.path if old else "",
                                              left=old is not None and old.left)  # fmt: skip
        else:
            people[row.number] = PersonFact(
                row.number,
                row.unit if "unit" in part.present else old.unit,
                row.standing if "standing" in part.present else old.standing,
                row.full_on if "full_on" in part.present else old.full_on,
                old.path,
                left=old.left,
            )
    people.pop("", None)
    return people


def check_people(part: Part[PersonRow], units: dict[str, UnitFact], known: Known, today: date) -> Findings:
    """Everything wrong on the sheet."""
    notes = Findings(part.title)
    bad, present = part.bad, part.present
    _duplicates(part, known, notes)
    has_dates = "standing" in present and bool(present & {"applied_on", "received_on", "full_on"})
    dated, housed = bool(_ADMISSION & present), bool(_PLACE & present)
    for row in part.rows:
        old = known.people.get(row.number)
        there = old is not None
        if old is not None and not _may_change(row, old, known, notes):
            continue
        if row.birth_date is not None:
            problem = birth_problem(row.birth_date, today=today)
            if problem:
                notes.add(row.row, "出生日期", "birth_impossible", message=problem)
            elif add_months(row.birth_date, 12 * YOUNGEST) > today:
                notes.add(row.row, "出生日期", "birth_too_young", years=YOUNGEST)
        if row.id_number:
            _check_id(row, bad, notes)
        if row.category and (row.rank or row.category in _WITH_RANK):
            _check_rank(row, there or "rank" in present, bad, notes)
        if row.unit and (housed or not there):
            _check_place(row, units, known, bad, notes)
        if (dated if there else has_dates) and row.standing and (row.standing not in _OUTSIDE or _has_dates(row)):
            _check_dates(row, bad, notes, today, known.limits.at(_path(row, units, known)))
        if row.standing and row.standing not in MEMBERS:
            if row.group and row.standing not in IN_GROUPS:
                notes.add(row.row, "党小组编码", "group_for_non_member", standing=codes.standing_label(row.standing))
            if row.dues_base is not None:
                notes.add(row.row, "月党费基数", "dues_for_non_member", standing=codes.standing_label(row.standing))
        if old is not None:
            _check_known(row, old, present, notes)
    return notes


def _may_change(row: PersonRow, old: PersonFact, known: Known, notes: Findings) -> bool:
    """Whether the file may say anything of an existing person; where it may not, nothing more is said about him."""
    if known.hides(row.number):
        notes.add(row.row, "人员编号", "out_of_reach", what=row.number)
        return False
    if old.left:
        notes.add(row.row, "人员编号", "person_left", number=row.number)
    return not old.left


def _duplicates(part: Part[PersonRow], known: Known, notes: Findings) -> None:
    for key, title, kind in (
        ("number", "人员编号", "duplicate_number"),
        ("id_number", "身份证号", "duplicate_id"),
        ("account", "登录账号", "duplicate_account"),
    ):
        if key not in part.present:
            continue
        seen: dict[str, int] = {}
        for row in part.rows:
            value = getattr(row, key)
            if value:
                first = seen.setdefault(value, row.row)
                if first != row.row:
                    notes.add(row.row, title, kind, first=first, value=value if key != "id_number" else "")
    if known.accounts or known.ids:
        for row in part.rows:
            owner = known.accounts.get(row.account) if row.account else None
            if owner is not None and owner != row.number:
                told = "" if known.hides(owner) else owner
                notes.add(row.row, "登录账号", "account_taken", account=row.account, owner=told)
            given = row.id_number if "id_number" in part.present else ""
            holder = known.ids.get(known.index(given)) if given and known.ids else None
            if holder is not None and holder != row.number:
                notes.add(row.row, "身份证号", "id_taken", owner="" if known.hides(holder) else holder)


def _check_id(row: PersonRow, bad: set[tuple[int, str]], notes: Findings) -> None:
    number = row.id_number
    parts = id_parts(number)
    if parts is None:
        place = odd_character(number)
        if place is not None:
            notes.add(row.row, "身份证号", "id_character", place=place, character=number[place - 1])
            return
        if len(number) == 18:
            kind = "id_check_digit" if check_character(number[:17]) != number[17] else "id_birth_impossible"
        elif len(number) == 15 and number.isdecimal():
            kind = "id_birth_impossible"
        else:
            kind = "id_form"
        notes.add(row.row, "身份证号", kind, length=len(number))
        return
    if row.birth_date is not None and parts.birth != row.birth_date:
        if (row.row, "birth_date:month") in bad and parts.birth.replace(day=1) == row.birth_date:
            row.birth_date = parts.birth  # the cell gave the month, the ID number the day
            notes.add(row.row, "出生日期", "birth_from_id", day=parts.birth)
        else:
            notes.add(row.row, "身份证号", "id_against_birth", id=parts.birth, birth=row.birth_date)
    if row.sex and parts.sex != row.sex:
        notes.add(row.row, "身份证号", "id_against_sex", id=codes.sex_label(parts.sex), sex=codes.sex_label(row.sex))


def _check_rank(row: PersonRow, told: bool, bad: set[tuple[int, str]], notes: Findings) -> None:
    """``told``: whether an empty rank means that he has none, and not that nobody says."""
    if not row.rank:
        if told and (row.row, "rank") not in bad:
            notes.add(row.row, "军衔", "rank_missing", category=codes.category_label(row.category))
        return
    rank = codes.rank(row.rank)
    if row.category in _WITHOUT_RANK:
        notes.add(row.row, "军衔", "rank_not_allowed", category=codes.category_label(row.category))
    elif rank is not None and row.category in _WITH_RANK and rank.category != row.category:
        notes.add(
            row.row,
            "军衔",
            "rank_against_category",
            rank=row.rank,
            right=codes.category_label(rank.category),
            category=codes.category_label(row.category),
        )


def _check_place(
    row: PersonRow, units: dict[str, UnitFact], known: Known, bad: set[tuple[int, str]], notes: Findings
) -> None:
    unit = units.get(row.unit)
    if unit is None:
        notes.add(row.row, "所在党支部编码", "unit_unknown", code=row.unit)
    elif known.hides_unit(unit):
        notes.add(row.row, "所在党支部编码", "out_of_reach", what=row.unit)
        return
    elif unit.kind and unit.kind not in BRANCHES:
        notes.add(row.row, "所在党支部编码", "unit_not_branch", code=row.unit, name=unit.name)
    elif unit.kind == TEMPORARY_BRANCH:
        notes.add(row.row, "所在党支部编码", "home_in_temporary_branch", name=unit.name)
    elif unit.dissolved_on is not None:
        notes.add(row.row, "所在党支部编码", "unit_dissolved", name=unit.name, day=unit.dissolved_on)
    if not row.group:
        return
    group = units.get(row.group)
    if group is None:
        notes.add(row.row, "党小组编码", "group_unknown", code=row.group)
    elif group.kind and group.kind != GROUP:
        name = row.group if known.hides_unit(group) else group.name
        notes.add(row.row, "党小组编码", "group_is_no_group", code=row.group, name=name)
    elif group.parent not in units:
        return  # where it stands is unknown, and said at its own row
    elif group.parent != row.unit:
        name = row.group if known.hides_unit(group) else group.name
        notes.add(row.row, "党小组编码", "group_of_other_branch", name=name, branch=row.unit)
    elif group.dissolved_on is not None:
        notes.add(row.row, "党小组编码", "unit_dissolved", name=group.name, day=group.dissolved_on)


def _has_dates(row: PersonRow) -> bool:
    return bool(row.applied_on or row.activist_on or row.candidate_on or row.received_on or row.full_on)


def _path(row: PersonRow, units: dict[str, UnitFact], known: Known) -> str:
    """Where the person is, or will be: whose numbers bind."""
    unit = units.get(row.unit)
    if unit is not None and unit.path:
        return unit.path
    old = known.people.get(row.number)
    return old.path if old is not None else ""


def _check_dates(row: PersonRow, bad: set[tuple[int, str]], notes: Findings, today: date, limits: Limits) -> None:
    dates = AdmissionDates(row.applied_on, row.activist_on, row.candidate_on, row.received_on, row.full_on)
    for said in admission_findings(row.standing, dates, birth=row.birth_date, today=today, limits=limits):
        key = _KEYS.get(said.field, said.field)
        if (row.row, key) not in bad:
            notes.add(row.row, LABELS[said.field], said.code, said=said)


def _check_known(row: PersonRow, old: PersonFact, present: frozenset[str], notes: Findings) -> None:
    if row.account and old.account and row.account != old.account:
        notes.add(row.row, "登录账号", "account_changed", old=old.account, new=row.account)
    if row.standing in _ORDER and old.standing in _ORDER and "standing" in present:
        before, after = _ORDER.index(old.standing), _ORDER.index(row.standing)
        if 1 < before > after:
            words = {"old": codes.standing_label(old.standing), "new": codes.standing_label(row.standing)}
            notes.add(row.row, "政治面貌", "standing_backwards", **words)
