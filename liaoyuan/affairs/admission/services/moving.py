"""A case moves with its person (DM-10: the time of cultivation goes on; DM-45: a probationer's papers are examined)."""

from uuid import UUID

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.services.acting import limits_of, show
from liaoyuan.affairs.admission.services.agenda import motions_leave
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
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
        case = (
            Case.objects.unscoped("a case moves with its person")
            .select_for_update()
            .filter(person=person, closed_as="")
            .first()
        )
        if case is None or case.unit_id == to_unit:
            return
        old = units.get(pk=case.unit_id)
        detail: dict[str, object] = {"from": old.name, "to": new.name}
        if taken:
            detail["withdrawn"] = taken
        records = live_records(case)
        moved = StepRecord.objects.create(
            case=case,
            seq=records[-1].seq + 1 if records else 1,
            act=Act.MOVE,
            step=int(Step.APPLY),
            done_on=clock.today(),
            detail=detail,
            unit=new,
            by_name=actor.name[:80],
            recorded_at=clock.now(),
        )
        case.unit, case.path = new, new.path
        limits = limits_of(case)
        # His mentors stay behind: the new branch names its own (DM-06).
        show(case, progress_of(case, [*records, moved], limits), limits)
        audit(
            actor,
            "admission.move",
            object_type="admission.case",
            object_id=case.pk,
            subject_id=person,
            detail={"from": old.code, "to": new.code},
        )
