"""People over the API: the same selectors, scope and masking as the pages."""

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import can_list
from liaoyuan.organisation.members.selectors import (
    after,
    belonging,
    facts_of,
    in_units,
    memberships_of,
    own_person_id,
    people_rows,
    person_by_number,
    person_card,
    search_rows,
    tenures_of,
)

router = Router(tags=["members"])
StandingCode = Literal[
    "masses",
    "league_member",
    "applicant",
    "activist",
    "candidate",
    "probationary",
    "full",
    "suspended",
    "ended",
]
NUMBER = r"^[A-Za-z0-9-]{1,32}$"


class MemberOut(Schema):
    """One person as the list shows him."""

    number: str
    name: str
    standing: StandingCode
    standing_label: str
    rank: str
    position: str
    category: str
    unit: str | None = Field(None, description="所在党支部编码")
    unit_name: str | None = None
    group: str | None = Field(None, description="党小组编码")
    attached_unit: str | None = Field(None, description="挂靠党支部编码")
    joined_on: date | None
    full_since: date | None
    active: bool


class MembershipOut(Schema):
    """Where a person belonged; ``until`` is the first day no longer."""

    kind: Literal["home", "attached"]
    unit: str
    unit_name: str
    group: str | None
    since: date
    until: date | None


class TenureOut(Schema):
    """A post; both days included."""

    post: str
    unit: str
    unit_name: str
    since: date
    until: date | None


class MemberDetail(MemberOut):
    """The file. ID number and phone are masked; the API never shows them whole."""

    sex: str
    ethnicity: str
    birth_date: date | None
    native_place: str
    education: str
    id_number_masked: str
    phone_masked: str
    memberships: list[MembershipOut]
    tenures: list[TenureOut]
    updated_at: datetime


class MemberPage(Schema):
    """People in tree order, then by rank. ``next`` is the cursor of the next page; null on the last."""

    items: list[MemberOut]
    next: str | None


class MemberQuery(Schema):
    """What to list."""

    q: Annotated[str, Field(max_length=40, description="姓名、拼音、首字母、人员编号或身份证号后 6 位")] = ""
    unit: Annotated[str | None, Field(pattern=NUMBER, max_length=48, description="组织编码，含下级")] = None
    standing: StandingCode | None = None
    belongs: Literal["home", "attached"] = "home"
    active: bool = True
    after: Annotated[str, Field(max_length=200, description="上一页返回的 next")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class MeOut(Schema):
    """Who asks: the person behind the account and what he may do where."""

    name: str
    member: MemberOut | None
    capabilities: list[str]


def _out(person: Person) -> dict[str, Any]:
    return {
        "number": person.number,
        "name": person.name,
        "standing": person.standing,
        "standing_label": person.get_standing_display(),
        "rank": person.rank,
        "position": person.position,
        "category": person.category,
        "unit": person.unit.code if person.unit else None,
        "unit_name": person.unit.name if person.unit else None,
        "group": person.group.code if person.group else None,
        "attached_unit": person.attached_unit.code if person.attached_unit else None,
        "joined_on": person.joined_on,
        "full_since": person.full_since,
        "active": person.active,
    }


def _cursor(person: Person) -> str:
    text = f"{person.home_path}|{person.rank_order}|{person.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_cursor(text: str) -> tuple[str, int, UUID]:
    try:
        path, rank, key = base64.urlsafe_b64decode(text.encode()).decode().split("|")
        if not path.isalnum() or not path.isascii() or not 0 <= int(rank) < 32768:
            raise ValueError(path)
        return path, int(rank), UUID(key)
    except (ValueError, binascii.Error) as error:
        raise DomainError("after 不是本接口返回的 next，请从第一页重新读取。", field="after") from error


@router.get("/members", response=MemberPage, summary="查人与名单")
def members(request: HttpRequest, query: Query[MemberQuery]) -> dict[str, Any]:
    """People in the caller's reach of ``members.view``."""
    actor = request.auth  # type: ignore[attr-defined]
    can_list(actor).require()
    rows = belonging(actor, people_rows(actor), query.belongs).filter(active=query.active)
    if query.unit:
        rows = in_units(actor, rows, query.unit, query.belongs)
    if query.standing:
        rows = rows.filter(standing=query.standing)
    if query.q.strip():
        rows = search_rows(actor, rows, query.q)
    if query.after:
        rows = after(rows, _read_cursor(query.after))
    found = list(rows.only(*_ROW)[: query.limit + 1])
    more = len(found) > query.limit
    found = found[: query.limit]
    return {"items": [_out(person) for person in found], "next": _cursor(found[-1]) if more else None}


_ROW = (
    "number",
    "name",
    "standing",
    "rank",
    "rank_order",
    "position",
    "category",
    "home_path",
    "joined_on",
    "full_since",
    "active",
    "unit__code",
    "unit__name",
    "group__code",
    "attached_unit__code",
)


@router.get("/members/{number}", response=MemberDetail, summary="一名人员的档案")
def member(request: HttpRequest, number: str) -> dict[str, Any]:
    """One person's file, masked; the look is recorded and shown to that person."""
    actor = request.auth  # type: ignore[attr-defined]
    person = person_by_number(actor, number)
    facts = facts_of(person)
    return {
        **_out(person),
        "sex": facts.sex,
        "ethnicity": facts.ethnicity,
        "birth_date": person.birth_date,
        "native_place": person.native_place,
        "education": facts.education,
        "id_number_masked": facts.id_masked,
        "phone_masked": facts.phone_masked,
        "memberships": [
            {
                "kind": row.kind,
                "unit": row.unit.code,
                "unit_name": row.unit.name,
                "group": row.group.code if row.group else None,
                "since": row.since,
                "until": row.until,
            }
            for row in memberships_of(person)
        ],
        "tenures": [
            {
                "post": row.post.name,
                "unit": row.unit.code,
                "unit_name": row.unit.name,
                "since": row.since,
                "until": row.until,
            }
            for row in tenures_of(person)
        ],
        "updated_at": person.updated_at,
    }


@router.get("/me", response=MeOut, summary="我是谁")
def me(request: HttpRequest) -> dict[str, Any]:
    """The caller. ``member`` is null for accounts without a person (administrators)."""
    actor = request.auth  # type: ignore[attr-defined]
    person = person_card(actor, own_person_id(actor)) if actor.person_id else None
    return {
        "name": actor.name,
        "member": _out(person) if person else None,
        "capabilities": sorted(actor.grants),
    }
