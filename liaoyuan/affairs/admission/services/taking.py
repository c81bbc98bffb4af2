"""Taking papers of a case away: recorded, and shown to its person."""

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import can_read
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor


def papers_taken(*, actor: Actor, case: Case, what: str, form: str) -> None:
    """Somebody drew up a paper (``what`` its name, ``form`` docx or pdf), or took the whole case (zip)."""
    can_read(actor, case).require()
    with unit_of_work():
        audit(
            actor,
            "admission.export" if form == "zip" else "admission.print",
            object_type="admission.case",
            object_id=case.pk,
            object_label=what,
            subject_id=case.person_id,
            detail={"form": form},
        )
