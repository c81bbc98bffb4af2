"""Looking people up on the map: always recorded, and shown to whom it concerns."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.policies import Capability, can_see_map
from liaoyuan.desk.insights.selectors.cells import MapAnswer, map_answer
from liaoyuan.desk.insights.selectors.handful import handful
from liaoyuan.desk.insights.selectors.people import Crowd, crowd
from liaoyuan.desk.insights.selectors.reach import Filters
from liaoyuan.foundation.audit import services as audit
from liaoyuan.foundation.audit.selectors import told_lately
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.whereabouts.models import Presence
from liaoyuan.organisation.whereabouts.selectors.places import Whereabouts, described

TELL_EACH = 5
ONE_LOOK = timedelta(minutes=15)  # an open map asks again at every change: the same question is one look for so long
NARROW = "insights.narrow"


def map_look(*, actor: Actor, filters: Filters, zoom: int, box: str = "") -> MapAnswer:
    """The map (``selectors.cells.map_answer``). Where unit, standing, rank or purpose leave at most TELL_EACH people,
    with or without names, each of them gets an audit row of his own; a map that tells nobody writes nothing."""
    answer = map_answer(actor, filters, zoom=zoom, box=box)
    if filters.narrowed and answer.total <= TELL_EACH:
        _tell_narrowed(actor, filters)
    return answer


def _tell_narrowed(actor: Actor, filters: Filters) -> None:
    others = [person for person in handful(actor, filters, most=TELL_EACH) if person.pk != actor.person_id]
    if not others:
        return
    asked = {name: str(getattr(filters, name) or "") for name in ("unit", "standing", "rank", "purpose", "on")}
    lately = told_lately(actor, NARROW, [person.pk for person in others], since=clock.now() - ONE_LOOK)
    told = {key for key, detail in lately if _asked(detail) == asked}
    if new := [person for person in others if person.pk not in told]:
        with unit_of_work():
            audit.record_many(actor, NARROW, new, detail={"count": len(others), **asked})


def _asked(detail: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if name != "count"}


def crowd_open(*, actor: Actor, filters: Filters, key: str, page: int = 1) -> Crowd:
    """Open a cell to its people (``selectors.people.crowd``). One audit row with the count and the cell; so few people
    that opening them is looking each of them up (TELL_EACH) get a row of their own besides. Counts alone leave none,
    but for a map narrowed to a handful (``map_look``)."""
    with unit_of_work():
        found = crowd(actor, filters, key=key, page=page)
        if not found.named:
            if filters.narrowed and found.count <= TELL_EACH:
                _tell_narrowed(actor, filters)
            return found
        detail = {
            "cell": key, "count": found.count, "named": found.named, "page": found.page,
            "on": str(filters.on or ""), "unit": str(filters.unit or ""),
        }  # fmt: skip
        others = [seen.person for seen in found.people if seen.person.pk != actor.person_id]
        if found.named <= TELL_EACH:
            audit.record_many(actor, "insights.locate", others, detail=detail)
        else:
            audit.record(
                actor, "insights.open_crowd", object_type="insights.cell", object_id=key, object_label=found.label,
                detail=detail,
            )  # fmt: skip
        return found


@dataclass(frozen=True, slots=True)
class Located:
    """Where one person is, as exactly as the viewer may know. ``where`` is None where nothing is known."""

    person: Person
    where: Whereabouts | None
    lon: float | None
    lat: float | None
    precise: bool


def person_locate(*, actor: Actor, person: UUID) -> Located:
    """Look one person up: recorded with him as its subject. Raises NotInScope outside the viewer's map, NotPermitted
    (recorded as well) where he sees counts but no names."""
    with unit_of_work():
        can_see_map(actor).require()
        rows = Person.objects.visible_to(actor, Capability.MAP).select_related("unit")
        found: Person | None = rows.filter(pk=person, active=True).first()
        if found is None and person == actor.person_id:
            found = Person.objects.unscoped("oneself").select_related("unit").filter(pk=person).first()
        if found is None:
            raise NotInScope()
        own = found.pk == actor.person_id
        if not own and not _covers(actor, Capability.NAMES, found):
            reason = _("您只看人数，不看姓名，不能查找个人的位置。")
            audit.record_refusal(
                actor, "insights.locate", reason=reason, object_type="members.person", object_id=found.pk,
                object_label=found.name, subject_id=found.pk,
            )  # fmt: skip
            raise NotPermitted(reason)
        if not own:
            audit.read(actor, "insights.locate", found)
        return _located(found, precise=own or _covers(actor, Capability.PRECISE, found))


def _covers(actor: Actor, capability: str, person: Person) -> bool:
    attached = person.attached_path is not None and actor.covers(capability, person.attached_path)
    return attached or actor.covers(capability, person.home_path)


def _located(person: Person, *, precise: bool) -> Located:
    rows = Presence.objects.unscoped("the person has been found in the viewer's reach")
    row = rows.select_related("site", "purpose").filter(pk=person.pk).first()
    if row is None:
        return Located(person, None, None, None, precise)
    places = rules.PRECISE_PLACES if precise else rules.COARSE_PLACES
    return Located(person, described(row), round(row.lon, places), round(row.lat, places), precise)
