"""What the platform holds, as rows of a roster: the other side of the comparison, and the export.

Both use the same functions, so that an export read back in changes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from liaoyuan.kernel.paths import upper
from liaoyuan.organisation.members.models import Person, Standing, Tenure
from liaoyuan.organisation.members.rules.admission import STEPS
from liaoyuan.organisation.roster.rules.rows import PersonRow, PostingRow, TenureRow, UnitRow
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.whereabouts.models import Posting

Paths = Sequence[str]
_WHY = "the caller has authorised and passes the reach"
_CHUNK = 2000
_DATES = dict(zip(STEPS, ("applied_on", "activist_on", "candidate_on", "received_on", "full_on"), strict=True))


def under(column: str, paths: Paths) -> Q:
    """The rows whose path ``column`` lies in one of the subtrees at ``paths`` ("" = everywhere)."""
    if "" in paths:
        return Q()
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{column}__gte": path, f"{column}__lt": upper(path)})
    return condition


def unit_rows(paths: Paths = ("",)) -> Iterator[tuple[UUID, UnitRow]]:
    """Units in the order of the tree: id and row."""
    rows = Unit.objects.unscoped(_WHY).filter(under("path", paths)).order_by("path")
    for values in rows.values_list(
        "id", "code", "name", "kind", "parent__code", "host_body", "can_approve_members", "founded_on", "elected_on",
        "site__name", "site__lon", "site__lat", "approved_by__code", "mission", "planned_end_on", "dissolved_on",
    ):  # fmt: skip
        key, code, name, kind, parent, host, approves, founded, elected, site, lon, lat, approver, *rest = values
        yield key, UnitRow(
            0, code, name, kind, parent or "", host, approves, founded, elected, site or "", lon, lat, approver or "",
            *rest,
        )  # fmt: skip


def people_rows(
    *, numbers: Sequence[str] | None = None, paths: Paths = ("",)
) -> Iterator[tuple[UUID, UUID | None, PersonRow]]:
    """People: id, account id, row. Those of ``numbers``, or everybody in service under ``paths``, ordered as the tree.

    Three queries for each two thousand; ID numbers and phones are decrypted."""
    people = Person.objects.unscoped(_WHY)
    if numbers is not None:
        for start in range(0, len(numbers), _CHUNK // 4):
            yield from _people(people.filter(number__in=numbers[start : start + _CHUNK // 4]).order_by("number"))
        return
    keys = list(
        people.filter(under("home_path", paths), active=True)
        .order_by("home_path", "rank_order", "number")
        .values_list("pk", flat=True)
    )
    for start in range(0, len(keys), _CHUNK // 4):
        part = {row[0]: row for row in _people(people.filter(pk__in=keys[start : start + _CHUNK // 4]))}
        yield from (part[key] for key in keys[start : start + _CHUNK // 4] if key in part)


def _people(rows: QuerySet[Person]) -> Iterator[tuple[UUID, UUID | None, PersonRow]]:
    found: list[tuple[Any, ...]] = list(
        rows.values_list(
            "id", "user_id", "number", "name", "sex", "ethnicity", "birth_date", "id_number", "native_place",
            "education", "category", "rank", "position", "phone", "user__username", "standing", "unit__code",
            "group__code", "joined_on", "full_since", "dues_base",
        )
    )  # fmt: skip
    dates = _dates([values[0] for values in found])
    for key, user, *values in found:
        number, name, sex, ethnicity, birth, id_number, place, education, category, rank, position, phone = values[:12]
        account, standing, unit, group, joined, full, dues = values[12:]
        mine = {"received_on": joined, "full_on": full, **dates.get(key, {})}
        yield key, user, PersonRow(
            0, number, name, sex, ethnicity, birth, id_number, place, education, category, rank, position, phone,
            account or "", standing, unit or "", group or "", mine.get("applied_on"), mine.get("activist_on"),
            mine.get("candidate_on"), mine["received_on"], mine["full_on"], dues,
        )  # fmt: skip


def _dates(keys: list[UUID]) -> dict[UUID, dict[str, date]]:
    """The day of each step of admission: the latest of a kind, but the first of full membership."""
    found: dict[UUID, dict[str, date]] = {}
    rows = Standing.objects.filter(person_id__in=keys, kind__in=STEPS, since__isnull=False).order_by("since")
    for person, kind, since in rows.values_list("person_id", "kind", "since"):
        mine = found.setdefault(person, {})
        if since is None or (kind == "full" and "full_on" in mine):
            continue
        mine[_DATES[kind]] = since
    return found


def tenure_rows(
    *, numbers: Sequence[str] | None = None, paths: Paths = ("",)
) -> Iterator[tuple[UUID, UUID, TenureRow]]:
    """Posts: id, person id, row; of the people of ``numbers``, or in the units under ``paths``."""
    rows = Tenure.objects.order_by("unit__path", "post__order", "since")
    columns = ("id", "person_id", "person__number", "unit__code", "post__name", "since", "until")
    rows = rows if numbers is not None else rows.filter(person__active=True)
    for part in _parts(rows.filter(under("unit__path", paths)), "person__number__in", numbers):
        for key, person, *values in part.values_list(*columns):
            yield key, person, TenureRow(0, *values)


def posting_rows(
    *, numbers: Sequence[str] | None = None, paths: Paths = ("",)
) -> Iterator[tuple[UUID, UUID, PostingRow]]:
    """Postings: id, person id, row; of the people of ``numbers``, or of those at home under ``paths``."""
    rows = Posting.objects.unscoped(_WHY).order_by("person__home_path", "person__number", "since")
    columns = (
        "id", "person_id", "person__number", "purpose__name", "site__name", "site__lon", "site__lat",
        "attached_unit__code", "since", "planned_end", "ended_on",
    )  # fmt: skip
    rows = rows if numbers is not None else rows.filter(person__active=True)
    for part in _parts(rows.filter(under("person__home_path", paths)), "person__number__in", numbers):
        for key, person, *values in part.values_list(*columns):
            number, purpose, site, lon, lat, attached, *dates = values
            yield key, person, PostingRow(0, number, purpose, site, lon, lat, attached or "", *dates)


def _parts(rows: QuerySet[Any], lookup: str, numbers: Sequence[str] | None) -> Iterator[QuerySet[Any]]:
    if numbers is None:
        yield rows
        return
    for start in range(0, len(numbers), _CHUNK // 4):
        yield rows.filter(**{lookup: numbers[start : start + _CHUNK // 4]})
