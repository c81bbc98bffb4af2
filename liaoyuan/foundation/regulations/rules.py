"""Regulations as data: documents, clauses, typed parameters, read from TOML and checked to the line.

Two versions of one text share a ``family``; on any day exactly one is in force. Pure: no Django, no database.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

SURE = {"verified": "已核对原文", "summary": "据摘要或题库", "custom": "惯例", "to_confirm": "待核定"}
_RATIO = re.compile(r"\d{1,6}(?:/[1-9]\d{0,5}|\.\d{1,6})?")
_DURATION = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")
YEARS_AHEAD = 50  # no regulation's number: longer than anybody serves, so no term is longer and no plan goes further


class RegulationError(ValueError):
    """A regulation file is wrong; the message names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as regulations give it: calendar months (a year is twelve) and days."""

    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """From ISO 8601 (``P1M``, ``P1Y6M``, ``P90D``). Raises ValueError for anything else, ``P`` alone included."""
        match = _DURATION.fullmatch(text)
        if match is None or not any(match.groups()):
            raise ValueError(f"“{text}”不是 ISO 8601 时长（例如 P1M、P1Y、P90D）")
        years, months, days = (int(part or 0) for part in match.groups())
        return cls(12 * years + months, days)

    def __str__(self) -> str:
        years, months = divmod(self.months, 12)
        words = [f"{years}年"] if years else []
        words += [f"{months}个月"] if months else []
        words += [f"{self.days}天"] if self.days else []
        return "".join(words) or "0天"


@dataclass(frozen=True, slots=True)
class Band:
    """One band of dues: bases up to ``upto`` fen (None = no bound) pay ``rate`` of the whole base."""

    upto: int | None
    rate: Decimal


Value = Duration | int | Fraction | bool | tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One article, in our own words."""

    number: str
    gist: str
    sure: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a regulation. ``id`` is ``family.key``, the same in every version of the text."""

    id: str
    clause: str
    type: str
    value: Value
    sure: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one regulation, in force from ``since`` to ``until`` (both included; None = still)."""

    id: str
    family: str
    title: str
    authority: str
    citation: str
    since: date
    until: date | None
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        """Whether this version binds on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


def parse_value(kind: str, raw: Any) -> Value:
    """The typed value of a parameter. Raises ValueError with what is wrong."""
    if kind == "duration":
        return Duration.parse(str(raw))
    if kind in {"count", "days", "working_days"}:
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
            raise ValueError(f"“{raw}”应为不小于 0 的整数")
        return raw
    if kind == "ratio":
        if not _RATIO.fullmatch(str(raw)):
            raise ValueError(f"“{raw}”不是比例（例如 1/2、4/5）")
        ratio = Fraction(str(raw))
        if not 0 <= ratio <= 1:
            raise ValueError(f"比例“{raw}”应在 0 与 1 之间")
        return ratio
    if kind == "flag":
        if not isinstance(raw, bool):
            raise ValueError(f"“{raw}”应为 true 或 false")
        return raw
    if kind == "bands":
        return parse_bands(str(raw))
    raise ValueError(f"没有“{kind}”这种参数类型")


def bound_problem(kind: str, value: Value) -> str:
    """Why a value of the right type can bind nobody, or "": a term of no length (every half-year's review would be due
    again the same day, for ever) or of a century, a posting that hangs on no working day."""
    if isinstance(value, Duration):
        if not value.months and not value.days:
            return f"时长“{value}”应大于 0"
        if value.months + value.days // 30 > 12 * YEARS_AHEAD:
            return f"时长“{value}”应不超过 {YEARS_AHEAD} 年"
    if kind == "working_days" and value == 0:
        return f"“{value}”应为不小于 1 的整数"
    return ""


def parse_bands(text: str) -> tuple[Band, ...]:
    """Dues bands from ``3000:0.5% 5000:1% *:2%`` (yuan, rising, the last one open)."""
    bands: list[Band] = []
    try:
        for part in text.split():
            upto, _, rate = part.partition(":")
            if not rate.endswith("%"):
                raise ValueError(f"“{part}”缺少百分号")
            fen = None if upto == "*" else int(Decimal(upto) * 100)
            bands.append(Band(fen, Decimal(rate[:-1]) / 100))
    except InvalidOperation as error:
        raise ValueError(f"党费档次“{text}”无法识别") from error
    bounds = [band.upto for band in bands]
    closed = [bound for bound in bounds[:-1] if bound is not None]
    if not bands or bounds[-1] is not None or len(closed) != len(bounds) - 1 or closed != sorted(set(closed)):
        raise ValueError("党费档次应由低到高，最后一档写作 *")
    return tuple(bands)


def parse_document(text: str, *, name: str) -> Document:
    """One document from TOML. Raises RegulationError with file, line and what is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegulationError(f"{name}：{error}") from error
    lines = text.splitlines()

    def fail(needle: str, what: str) -> RegulationError:
        line = next((number for number, one in enumerate(lines, 1) if needle in one), 1)
        return RegulationError(f"{name} 第 {line} 行：{what}")

    for key in ("id", "family", "title", "authority", "citation", "from"):
        if not raw.get(key):
            raise fail(key, f"缺少 {key}")
    since, until = raw["from"], raw.get("until")
    if not isinstance(since, date) or (until is not None and (not isinstance(until, date) or until < since)):
        raise fail("from", "施行日期或废止日期不对")
    clauses: dict[str, Clause] = {}
    for row in raw.get("clause", []):
        number = str(row.get("number", ""))
        if not number or not row.get("gist") or row.get("sure") not in SURE:
            raise fail(f'number = "{number}"', "条文须有 number、gist 和 sure")
        if number in clauses:
            raise fail(f'number = "{number}"', f"第 {number} 条重复")
        clauses[number] = Clause(number, row["gist"], row["sure"], tuple(row.get("facts", ())))
    parameters: dict[str, Parameter] = {}
    for row in raw.get("parameter", []):
        key = str(row.get("key", ""))
        needle = f'key = "{key}"'
        if not key or key in parameters:
            raise fail(needle, f"参数 {key or '（无名）'} 缺少 key 或重复")
        if str(row.get("clause")) not in clauses:
            raise fail(needle, f"参数 {key} 所引第 {row.get('clause')} 条不存在")
        if row.get("sure") not in SURE:
            raise fail(needle, f"参数 {key} 没有写明把握程度 sure")
        try:
            value = parse_value(str(row.get("type")), row.get("value"))
        except ValueError as error:
            raise fail(needle, f"参数 {key}：{error}") from error
        problem = bound_problem(row["type"], value)
        if problem:
            raise fail(needle, f"参数 {key}：{problem}")
        parameters[key] = Parameter(
            f"{raw['family']}.{key}", str(row["clause"]), row["type"], value, row["sure"], row.get("note", "")
        )
    return Document(
        raw["id"], raw["family"], raw["title"], raw["authority"], raw["citation"], since, until, clauses, parameters
    )


def read_folder(folder: Path) -> tuple[Document, ...]:
    """Every document of a folder, by family and date. Raises RegulationError; two versions of one family may not be
    in force on the same day."""
    documents = sorted(
        (parse_document(path.read_text(), name=path.name) for path in sorted(folder.glob("*.toml"))),
        key=lambda document: (document.family, document.since),
    )
    for first, second in pairwise(documents):
        if first.family == second.family and (first.until is None or first.until >= second.since):
            raise RegulationError(f"{first.id} 与 {second.id} 的施行期重叠")
    if len({document.id for document in documents}) != len(documents):
        raise RegulationError("有两个文件的 id 相同")
    return tuple(documents)


def version_on(documents: Iterable[Document], family: str, on: date) -> Document:
    """The version of ``family`` in force on a day; before the first one, the first. Raises KeyError where there is
    none."""
    versions = [document for document in documents if document.family == family]
    if not versions:
        raise KeyError(family)
    return next((document for document in reversed(versions) if document.since <= on), versions[0])
