"""Putting a posting up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PostingPlace, PostingState, PublicPosting
from liaoyuan.activity.notices.policies import can_post
from liaoyuan.activity.notices.rules import Body, body_problem, content_bytes
from liaoyuan.activity.notices.selectors.postings import (
    DEFAULT_PERIOD,
    mobile_at,
    posting_days,
    required_places,
)
from liaoyuan.activity.notices.services.facts import started_tell
from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.selectors import documents
from liaoyuan.kernel import clock
from liaoyuan.kernel.crypto import sm3
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services.lock import unit_for_path


@dataclass(frozen=True, slots=True)
class Place:
    """Where a posting hangs: everybody of the unit and below sees it on the platform; ``wall`` is where its print
    hangs."""

    unit: Unit
    wall: str = ""


def posting_start(
    *,
    actor: Actor,
    unit: Unit,
    title: str,
    body: Body,
    receiver: Person,
    places: Sequence[Place] = (),
    person: Person | None = None,
    subject_type: str = "",
    subject_id: object = "",
    starts_on: date | None = None,
    parameter: str = DEFAULT_PERIOD,
    text_of: date | None = None,
    contact: str = "",
    away: str = "",
) -> PublicPosting:
    """Put a posting of ``unit`` up from ``starts_on`` (today) for the working days that ``parameter`` sets there.

    ``places`` default to the unit itself; a posting about somebody who is away hangs in both places at once (DM-13): in
    the branch to which he is attached, or where he is attached to none, on the wall ``away`` where he has gone.
    ``receiver`` takes the objections: not the person it is about, and with an account. Raises NotPermitted without
    ``notices.post`` over the unit, or over a further place where the person does not belong; DomainError for words,
    places, receiver or day.
    """
    with unit_of_work():
        home = unit_for_path(unit.pk)
        can_post(actor, home.path).require()
        starts = starts_on or clock.today()
        if starts < clock.today():
            raise DomainError(_("张贴日期不能早于今天：没有挂出的日子不能算公示期。"), field="starts_on")
        words, hung = _title(title), _places(actor, home, places, person)
        hung = _also_away(hung, person, " ".join(away.split()), starts)
        problem = body_problem(body)
        if problem:
            raise DomainError(f"{problem}。", field="body")
        check_receiver(receiver, person)
        days = posting_days(starts, path=home.path, parameter=parameter, text_of=text_of)
        posting = PublicPosting(
            unit=home,
            path=home.path,
            subject_type=subject_type,
            subject_id=str(subject_id or ""),
            person=person,
            title=words,
            body=body.to_json(),
            starts_on=starts,
            last_day=days.period.last_day,
            working_days=days.working_days,
            counts_first_day=days.counts_first_day,
            provisional=days.period.provisional,
            origin=days.origin[:300],
            content_hash=content_hash(words, body.to_json(), [(row.unit.code, row.wall) for row in hung], receiver),
            receiver=receiver,
            contact=" ".join(contact.split())[:120],
            audience=[_audience(row) for row in hung],
            started_by=actor.name[:80],
        )
        posting.save(force_insert=True)
        PostingPlace.objects.bulk_create(
            [PostingPlace(posting=posting, unit=row.unit, path=row.unit.path, place=row.wall) for row in hung]
        )
        record(
            actor,
            "notices.posting_start",
            object_type="notices.posting",
            object_id=posting.pk,
            object_label=posting.title,
            subject_id=person.pk if person else None,
            detail={"from": starts.isoformat(), "to": posting.last_day.isoformat(), "sm3": posting.content_hash},
        )
        started_tell(actor=actor, posting=posting)
    return posting


def posting_viewed(posting_id: UUID) -> None:
    """Count one opening of a posting: part of the proof that it could be read. Who opened it is not kept."""
    PublicPosting.objects.unscoped("only counts").filter(pk=posting_id, state=PostingState.OPEN).update(
        views=F("views") + 1
    )


def content_hash(title: str, body: dict[str, Any], places: Sequence[tuple[str, str]], receiver: Person) -> str:
    """The SM3 of what a posting says, where, and to whom one objects."""
    return sm3(content_bytes(title=title, body=body, places=places, receiver=receiver.number))


def _places(actor: Actor, home: Unit, places: Sequence[Place], person: Person | None) -> list[Place]:
    required = required_places(person) if person is not None else []
    hung: dict[UUID, Place] = {}
    for place in places or [Place(home), *(Place(unit) for unit in required)]:
        unit = unit_for_path(place.unit.pk)
        if unit.pk not in {one.pk for one in required}:
            can_post(actor, unit.path).require()
        hung.setdefault(unit.pk, Place(unit, " ".join(place.wall.split())[:80]))
    for unit in required:
        if not any(unit.path.startswith(place.unit.path) for place in hung.values()):
            raise DomainError(
                _("%(name)s 外出挂靠在“%(unit)s”，须在流出地和流入地同时公示，请加上这一处。")
                % {"name": person.name if person else "", "unit": unit.name},
                field="places",
                clause=_clause("DM-13"),
            )
    return list(hung.values())


def _also_away(hung: list[Place], person: Person | None, wall: str, on: date) -> list[Place]:
    """With the wall where somebody has gone whom no branch looks after there; a 流动人员 must have one."""
    if any(map(str.isalnum, wall)):
        first = hung[0]
        walls = [first.wall, _("流入地：%(where)s") % {"where": wall}]
        return [Place(first.unit, "；".join(filter(None, walls))[:80]), *hung[1:]]
    if person is not None and person.attached_unit_id is None and (gone := mobile_at(person, on)) is not None:
        raise DomainError(
            _(
                "%(name)s 自 %(since)s 外出（%(site)s）已超过%(term)s，须在流出地和流入地同时公示，"
                "请写明在流入地张贴的地点；当地有党支部的，也可以先办理挂靠。"
            )
            % {"name": person.name, "since": gone.since, "site": gone.site, "term": gone.term},
            field="away",
            clause=_clause("DM-13"),
        )
    return hung


def _clause(fact: str) -> str:
    for document in reversed(documents()):
        for clause in document.clauses.values():
            if fact in clause.facts and document.in_force(clock.today()):
                return f"《{document.title}》第{clause.number}条"
    return fact


def check_receiver(receiver: Person, person: Person | None) -> None:
    """Whether somebody can take objections. Raises DomainError for the person it is about, and without an account."""
    if person is not None and receiver.pk == person.pk:
        raise DomainError(_("公示对象本人不能受理对自己的异议，请另行指定受理人。"), field="receiver")
    if not receiver.active or receiver.user_id is None:
        raise DomainError(
            _("%(name)s 没有账号，收不到异议，请另行指定受理人。") % {"name": receiver.name}, field="receiver"
        )


def _audience(place: Place) -> dict[str, Any]:
    """Who could see it there, counted when it was put up."""
    path = place.unit.path
    inside = Q(home_path__gte=path, home_path__lt=upper(path)) | Q(
        attached_path__gte=path, attached_path__lt=upper(path)
    )
    rows = Person.objects.unscoped("only counts").filter(inside, active=True)
    counts = rows.aggregate(people=Count("pk"), accounts=Count("user"))
    return {"unit": place.unit.name, "code": place.unit.code, "wall": place.wall, **counts}


def _title(title: str) -> str:
    words = " ".join(title.split())
    if sum(character.isalnum() for character in words) < 2:
        raise DomainError(_("请写明公示的标题。"), field="title")
    return words[:120]
