"""A case moves with its person (DM-10: the time of cultivation goes on; DM-45: a probationer's papers are examined), is
suspended when he leaves service and goes on when he is back."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.events import CaseChanged
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.beside import LEFT
from liaoyuan.affairs.admission.rules.progress import FULL
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.services.acting import limits_of, show
from liaoyuan.affairs.admission.services.agenda import motions_leave, motions_take_back
from liaoyuan.affairs.admission.services.hanging import postings_take_down
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


def case_move(*, actor: Actor, person: UUID, to_unit: UUID) -> None:
    """The person belongs to another branch from today: his open case does too, with everything in it. Records keep the
    branch of their day; what stood on the old branch's agendas is taken back. Nothing happens where the case is there
    already, or there is none."""
    with unit_of_work():
        units = Unit.objects.unscoped("a case moves with its person")
        new = units.get(pk=to_unit)
        known = Case.objects.unscoped("a case moves with its person").filter(person=person, closed_as="")
        taken = [
            words
            for pk in known.exclude(unit=new).values_list("pk", flat=True)
            for words in motions_leave(actor=actor, case_id=pk, to_unit=new)
        ]
        case = _case(person, "")
        if case is None or case.unit_id == to_unit:
            return
        old = units.get(pk=case.unit_id)
        detail: dict[str, object] = {"from": old.name, "to": new.name}
        if taken:
            detail["withdrawn"] = taken
        case.unit, case.path = new, new.path
        # His mentors stay behind: the new branch names its own (DM-06).
        _write(actor, case, Act.MOVE, clock.today(), detail)
        audit(
            actor,
            "admission.move",
            object_type="admission.case",
            object_id=case.pk,
            subject_id=person,
            detail={"from": old.code, "to": new.code},
        )


def case_leave(*, actor: Actor, person: Person) -> None:
    """The person is out of service: his case is suspended from that day, with the reason, and goes on if he comes back.
    What stands on an agenda is taken back, what hangs is taken down. A full member's stays open: his papers are still
    to be archived (DM-44)."""
    with unit_of_work():
        known = Case.objects.unscoped("a case follows its person").filter(person=person, closed_as="")
        for pk in known.exclude(standing=FULL).values_list("pk", flat=True):
            motions_take_back(actor=actor, case_id=pk, why=_("本人已离队，案卷中止"))
            postings_take_down(case_id=pk, why=_("本人已离队"))
        case = _case(person.pk, "")
        if case is None or case.standing == FULL:
            return
        on, why = person.left_on or clock.today(), person.left_reason
        _write(actor, case, Act.LEAVE, on, {"why": why}, reason=why)
        audit(
            actor,
            "admission.leave",
            object_type="admission.case",
            object_id=case.pk,
            subject_id=person.pk,
            reason=why,
            detail={"on": on},
        )


def case_return(*, actor: Actor, person: UUID, on: date) -> None:
    """The person is back, or had not left: the case goes on where it stood. Nothing where another one is open."""
    with unit_of_work():
        case = _case(person, LEFT)
        if case is None or _case(person, "") is not None:
            return
        case.close_reason = ""
        _write(actor, case, Act.RETURN, on, {})
        audit(
            actor,
            "admission.return",
            object_type="admission.case",
            object_id=case.pk,
            subject_id=person,
            detail={"on": on},
        )


def cases_follow_service(*, actor: Actor) -> int:
    """``case_leave`` and ``case_return`` for everybody whose case says otherwise than his file (an import, a missed
    event). Returns how many."""
    rows = Case.objects.unscoped("cases follow their people").select_related("person").order_by("pk")
    gone = list(rows.filter(closed_as="", person__active=False).exclude(standing=FULL))
    back = list(rows.filter(closed_as=LEFT, person__active=True))
    for case in gone:
        case_leave(actor=actor, person=case.person)
    for case in back:
        case_return(actor=actor, person=case.person_id, on=clock.today())
    return len(gone) + len(back)


def _case(person: UUID, closed_as: str) -> Case | None:
    """The person's latest case that is open, or was closed so; locked."""
    rows = Case.objects.unscoped("a case follows its person").select_for_update().order_by("-opened_at")
    row: Case | None = rows.filter(person=person, closed_as=closed_as).first()
    return row


def _write(actor: Actor, case: Case, act: Act, on: date, detail: Mapping[str, object], *, reason: str = "") -> None:
    """An act that the person's file brought: it happened whatever stands in the case, so nothing is judged."""
    records = live_records(case)
    record = StepRecord.objects.create(
        case=case,
        seq=records[-1].seq + 1 if records else 1,
        act=act,
        step=int(Step.APPLY),
        done_on=on,
        detail=dict(detail),
        unit_id=case.unit_id,
        by_name=actor.name[:80],
        recorded_at=clock.now(),
    )
    limits = limits_of(case)
    show(case, progress_of(case, [*records, record], limits), limits, on=on, reason=reason)
    bus.publish(CaseChanged(case.pk, case.person_id, case.unit_id, str(act)))
