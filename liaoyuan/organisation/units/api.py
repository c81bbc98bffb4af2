"""Units over the API: the tree as pages, and one unit by its code."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.policies import Capability
from liaoyuan.organisation.units.selectors import UnitFilter, ancestors, unit_by_code, unit_list

router = Router(tags=["units"])
Kind = Literal["committee", "general_branch", "branch", "joint_branch", "temporary_branch", "group"]
CODE = r"^[A-Za-z0-9-]{1,48}$"


class UnitOut(Schema):
    """One Party organisation. ``path`` orders the tree and may change; ``code`` is the name that stays."""

    code: str
    name: str
    kind: Kind
    parent: str | None = Field(None, description="上级组织编码")
    depth: int
    host_body: str
    site: str | None = None
    can_approve_members: bool
    founded_on: date | None
    elected_on: date | None
    mission: str
    planned_end_on: date | None
    dissolved_on: date | None
    updated_at: datetime


class UnitDetail(UnitOut):
    """One organisation with the line above it."""

    above: list[str] = Field(description="各级上级组织的名称，由上而下")


class UnitPage(Schema):
    """Units in tree order. ``next`` is the cursor of the next page; null on the last."""

    items: list[UnitOut]
    next: str | None


class UnitQuery(Schema):
    """What to list. ``updated_since`` is for systems that keep a copy: what changed at or after that moment."""

    kind: Kind | None = None
    parent: Annotated[str | None, Field(pattern=CODE, description="上级组织编码，只列直接下级")] = None
    q: Annotated[str, Field(max_length=60, description="名称、编码、拼音或首字母")] = ""
    dissolved: bool = False
    updated_since: datetime | None = None
    after: Annotated[str, Field(max_length=48, description="上一页返回的 next")] = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100


def _out(unit: Unit) -> dict:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent.code if unit.parent is not None else None,
        "depth": len(unit.path) // 4,
        "host_body": unit.host_body,
        "site": unit.site.name if unit.site is not None else None,
        "can_approve_members": unit.can_approve_members,
        "founded_on": unit.founded_on,
        "elected_on": unit.elected_on,
        "mission": unit.mission,
        "planned_end_on": unit.planned_end_on,
        "dissolved_on": unit.dissolved_on,
        "updated_at": unit.updated_at,
    }


@router.get("/units", response=UnitPage, summary="组织列表（按树的次序）")
def list_units(request: HttpRequest, query: Query[UnitQuery]) -> dict:
    """Units in one's reach, in tree order, page by page."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.VIEW):
        raise NotPermitted("您还没有可以查看的组织。")
    if "\x00" in query.q + query.after:
        raise DomainError("参数中不能有空字符。", field="q")
    asked = UnitFilter(
        kind=query.kind or "",
        parent=query.parent or "",
        q=query.q,
        dissolved=query.dissolved,
        updated_since=query.updated_since,
        after=query.after,
    )
    rows = list(unit_list(actor, asked)[: query.limit + 1])
    more = len(rows) > query.limit
    return {"items": [_out(row) for row in rows[: query.limit]], "next": rows[query.limit - 1].code if more else None}


@router.get("/units/{code}", response=UnitDetail, summary="一个组织")
def get_unit(request: HttpRequest, code: str) -> dict:
    """One unit by its code; unknown and out of reach look the same."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_by_code(actor, code.replace("\x00", ""))
    return {**_out(unit), "above": [each.name for each in ancestors(unit)]}
