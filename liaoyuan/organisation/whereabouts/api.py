"""Postings and one's own place in the API."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.policies import Capability
from liaoyuan.organisation.whereabouts.selectors import places
from liaoyuan.organisation.whereabouts.selectors import postings as read
from liaoyuan.organisation.whereabouts.selectors.when import in_state

router = Router(tags=["在哪里"])
StateName = Literal["", "now", "planned", "away", "overdue", "back"]


class PostingQuery(Schema):
    """Which postings, a page at a time."""

    state: StateName = Field("", description="状态；now 为现在在外（含逾期）。")
    person: UUID | None = Field(None, description="人员的 id。")
    number: str = Field("", max_length=32, pattern=r"^[A-Za-z0-9-]*$", description="人员编号（如 /members 所列）。")
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=1_000_000)


class PostingOut(Schema):
    """One posting."""

    id: UUID
    person: UUID
    number: str
    name: str
    purpose: str
    site: str
    attached_unit: UUID | None
    since: date
    planned_end: date | None
    ended_on: date | None
    state: str
    days: int


class PostingsOut(Schema):
    """One page; ``more`` says whether there is another."""

    items: list[PostingOut]
    more: bool


class PlaceOut(Schema):
    """Where the platform takes oneself to be."""

    place: str
    kind: str
    seen_at: datetime
    freshness: str
    purpose: str
    lon: float
    lat: float


@router.get("/postings", response=PostingsOut, summary="外出登记", operation_id="postings")
def postings(request: HttpRequest, query: Query[PostingQuery]) -> dict[str, Any]:
    """Who is away in one's own scope, the latest first."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.VIEW):
        raise NotPermitted(_("外出登记由支部委员以上人员查看；您自己的位置见 /me/place。"))
    today = clock.today()
    rows = read.postings(actor).order_by("-since", "pk")
    if query.state == "now":
        rows = rows.filter(in_state("away", today) | in_state("overdue", today))
    elif query.state:
        rows = rows.filter(in_state(query.state, today))
    if query.person is not None:
        rows = rows.filter(person_id=query.person)
    if query.number:
        rows = rows.filter(person__number=query.number.strip().upper())
    found = list(rows[query.offset : query.offset + query.limit + 1])
    return {"items": [_out(row, today) for row in found[: query.limit]], "more": len(found) > query.limit}


def _out(row: Posting, today: date) -> dict[str, Any]:
    return {
        "id": row.pk,
        "person": row.person_id,
        "number": row.person.number,
        "name": row.person.name,
        "purpose": row.purpose.name,
        "site": row.site.name,
        "attached_unit": row.attached_unit_id,
        "since": row.since,
        "planned_end": row.planned_end,
        "ended_on": row.ended_on,
        "state": str(read.state_of(row, today)),
        "days": rules.days_away(row.since, row.ended_on, today),
    }


@router.get("/me/place", response=PlaceOut | None, summary="我在哪里", operation_id="my_place")
def my_place(request: HttpRequest) -> Any:
    """Where the platform takes me to be, how it knows, since when; null where it knows nothing."""
    return places.own_place(request.actor)  # type: ignore[attr-defined]
