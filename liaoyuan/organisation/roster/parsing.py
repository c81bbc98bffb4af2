"""From cells to typed rows. Every cell that cannot be read is named; nothing is dropped in silence."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from liaoyuan.foundation.accounts.rules import is_username
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.rules.identity import normalise_id, normalise_phone
from liaoyuan.organisation.roster.layout import Column
from liaoyuan.organisation.roster.reading import RawBook, Sheet
from liaoyuan.organisation.roster.rules import cells
from liaoyuan.organisation.roster.rules.findings import Finding, Findings
from liaoyuan.organisation.roster.rules.rows import Book, Part, PersonRow, PostingRow, TenureRow, UnitRow
from liaoyuan.organisation.units.rules import normalise_code

_KINDS = {
    "党委": "committee",
    "党总支": "general_branch",
    "总支": "general_branch",
    "党总支部": "general_branch",
    "党支部": "branch",
    "支部": "branch",
    "联合党支部": "joint_branch",
    "联合支部": "joint_branch",
    "临时党支部": "temporary_branch",
    "临时支部": "temporary_branch",
    "党小组": "group",
    "小组": "group",
}
_NO_RANK = frozenset({"", "无", "-", "无军衔", "文职"})
_SERVICE = re.compile(r"^(?:陆军|海军|空军|火箭军|武警|军事航天部队|网络空间部队|信息支援部队|联勤保障部队)")
_ROWS: dict[str, Any] = {"units": UnitRow, "people": PersonRow, "tenures": TenureRow, "postings": PostingRow}
_UNIT_CODES = frozenset({"code", "parent", "approver", "unit", "group", "attached"})


def typed(raw: RawBook) -> tuple[Book, list[Finding]]:
    """The book's rows with meaning, and what was found in the cells."""
    book, findings = Book(), list(raw.findings)
    lost = {(note.sheet, note.row, note.column) for note in raw.findings if note.kind.startswith("formula_")}
    for key, sheet in raw.sheets.items():
        notes = Findings(sheet.title)
        setattr(book, key, _part(sheet, notes, raw.date1904, lost))
        findings += notes
    return book, findings


def _part(sheet: Sheet, notes: Findings, date1904: bool, lost: set[tuple[str, int, str]]) -> Part[Any]:
    keys = {column.title: column.key for column in sheet.layout.columns}
    bad = {(row, keys[title]) for name, row, title in lost if name == sheet.title}
    part: Part[Any] = Part(sheet.title, [], frozenset(sheet.columns), bad)
    values: list[list[Any]] = []
    order: list[str] = ["row"]
    for column in sheet.layout.columns:
        if column.key not in sheet.columns:
            continue
        order.append(column.key)
        cleaned = _convert(sheet, column, part, notes, date1904)
        if column.required:
            _require(sheet, column, cleaned, part, notes)
        values.append(cleaned)
        sheet.cells[column.key] = []  # the raw column is no longer needed: half the memory at 100,000 rows
    make = _ROWS[sheet.layout.key]
    if order == list(make.__slots__):
        part.rows = list(map(make, sheet.rows, *values))
    else:
        part.rows = [make(**dict(zip(order, row, strict=True))) for row in zip(sheet.rows, *values, strict=True)]
    return part


def _require(sheet: Sheet, column: Column, values: list[Any], part: Part[Any], notes: Findings) -> None:
    for row, value in zip(sheet.rows, values, strict=True):
        if (value == "" or value is None) and (row, column.key) not in part.bad:
            notes.add(row, column.title, "missing", what=column.title)
            part.bad.add((row, column.key))


def _convert(sheet: Sheet, column: Column, part: Part[Any], notes: Findings, date1904: bool) -> list[Any]:
    """One column's values. Distinct values are read once: a roster repeats most of them."""
    raw = sheet.cells[column.key]
    read = _reader(column, date1904)
    distinct = set(raw)
    if any(type(value) is bool for value in distinct):  # True equals 1, but does not mean the same
        results = [read(value) for value in raw]
    else:
        known = {value: read(value) for value in distinct}
        results = [known[value] for value in raw]
        if not any(kind for _, kind in known.values()):
            return [value for value, _ in results]
    for index, (value, kind) in enumerate(results):
        if kind:
            row = sheet.rows[index]
            shown = cells.text(raw[index])[:40]
            notes.add(row, column.title, kind, what=column.title, value=shown, read=value)
            if value is None or value == "":
                part.bad.add((row, column.key))
            elif kind == "date_without_day":
                part.bad.add((row, f"{column.key}:month"))
    return [value for value, _ in results]


def _reader(column: Column, date1904: bool) -> Callable[[Any], tuple[Any, str]]:
    special = _SPECIAL.get("name_of_person" if column.kind == "name" else column.choices or column.key)
    if special is not None:
        return special
    if column.kind == "date":
        return lambda value: cells.parse_date(value, date1904=date1904)
    if column.kind == "number":
        return _degrees
    if column.kind == "yes_no":
        return cells.parse_yes_no
    if column.kind == "code":
        convert = normalise_code if column.key in _UNIT_CODES else str
        return lambda value: _bounded(convert(cells.code(value)), column.longest or 48)
    return lambda value: _bounded(cells.text(value), column.longest or 200)


def _bounded(text: str, longest: int) -> tuple[str, str]:
    return (text, "") if len(text) <= longest else ("", "too_long")


def _name(value: Any) -> tuple[str, str]:
    cleaned = cells.name(value)
    if not cleaned or (cleaned.isalpha() and len(cleaned) <= 40):
        return cleaned, ""
    if len(cleaned) > 40:
        return "", "too_long"
    plain = cleaned.replace("·", "").replace(" ", "").replace("-", "").replace("'", "")
    return (cleaned, "") if plain.isalpha() and cleaned[0] not in "·-'" else ("", "name_unreadable")


_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}")


def _number(value: Any) -> tuple[str, str]:
    plain = cells.code(value).upper()
    return (plain, "") if not plain or _NUMBER.fullmatch(plain) else ("", "person_number_unreadable")


def _degrees(value: Any) -> tuple[float | None, str]:
    if type(value) is float:
        return (value, "") if value == value and abs(value) < 1e9 else (None, "number_unreadable")
    number, kind = cells.parse_number(value)
    return (None if number is None else float(number)), kind


def _fen(value: Any) -> tuple[int | None, str]:
    number, kind = cells.parse_number(value)
    if number is None:
        return None, kind
    if number < 0:
        return None, "dues_negative"
    fen = number * 100
    whole = int(fen.quantize(Decimal(1))) if fen < 10**15 else None
    if whole is None:
        return None, "number_unreadable"
    return whole, "" if abs(fen - whole) < Decimal("0.000001") else "dues_rounded"


def _id_number(value: Any) -> tuple[str, str]:
    if type(value) is float or type(value) is int:
        return "", "id_is_number"
    return normalise_id(cells.code(value)), ""


def _phone(value: Any) -> tuple[str, str]:
    plain = normalise_phone(cells.code(value).replace("(", "").replace(")", ""))
    return (plain, "") if not plain or re.fullmatch(r"\+?[0-9]{5,15}", plain) else ("", "phone_unreadable")


def _account(value: Any) -> tuple[str, str]:
    plain = cells.code(value).lower()
    return (plain, "") if not plain or is_username(plain) else ("", "account_unreadable")


def _coded(find: Callable[[str], str], kind: str) -> Callable[[Any], tuple[str, str]]:
    def read(value: Any) -> tuple[str, str]:
        word = cells.code(value)
        found = find(word) if word else ""
        return found, "" if found or not word else kind

    return read


def _rank(value: Any) -> tuple[str, str]:
    word = cells.code(value)
    if word in _NO_RANK:
        return "", ""
    plain = _SERVICE.sub("", word)
    if codes.rank(plain):
        return plain, "" if plain == word else "rank_prefixed"
    retired = codes.retired_rank(plain)
    return (retired.successor, "rank_retired") if retired else ("", "rank_unknown")


def _word(value: Any) -> tuple[str, str]:
    return cells.code(value), ""


_SPECIAL: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "name_of_person": _name,
    "number": _number,
    "id_number": _id_number,
    "native_place": lambda value: _bounded("".join(cells.text(value).split()), 60),
    "phone": _phone,
    "account": _account,
    "dues_base": _fen,
    "kinds": _coded(lambda word: _KINDS.get(word, ""), "unit_kind_unknown"),
    "sexes": _coded(codes.sex_code, "sex_unknown"),
    "ethnicities": _coded(codes.ethnicity_code, "ethnicity_unknown"),
    "educations": _coded(codes.education_code, "education_unknown"),
    "categories": _coded(codes.category_code, "category_unknown"),
    "standings": _coded(codes.standing_code, "standing_unknown"),
    "ranks": _rank,
    "posts": _word,
    "purposes": _word,
}
