"""What the branch into which somebody moved does: examining his papers, not recognising a probationer (DM-10, DM-45).

The move itself is written by the platform (``services.moving``).
"""

from datetime import date
from uuid import UUID

from liaoyuan.affairs.admission.models import Examination, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.services.acting import Doing, act_do
from liaoyuan.affairs.admission.services.locking import check_words
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor


def papers_examine(
    *, actor: Actor, case: UUID, on: date, qualified: bool, introduction: str, summary: str
) -> StepRecord:
    """The new branch examined the papers of an activist, a candidate or a probationer who moved. ``introduction`` is
    what the old organisation told of his cultivation. Not ``qualified``: the papers are completed and examined again,
    or a probationer is proposed for not being recognised."""
    with unit_of_work():
        check_words(introduction, field="introduction")
        check_words(summary, field="summary")
        record = act_do(actor=actor, case=case, doing=Doing(Act.EXAMINE, on, {"qualified": qualified}))
        Examination.objects.create(record=record, introduction=introduction.strip(), summary=summary.strip())
        return record


def probationer_disown(
    *, actor: Actor, case: UUID, on: date, agreed: bool, by: str, number: str = "", reason: str
) -> StepRecord:
    """The committee's organisation department approves that a probationer whose papers prove nothing is not recognised:
    the case ends and he is one of the masses. Not agreed: the branch examines the papers again. ``by`` names who
    decided."""
    why = check_words(reason, field="reason")
    detail = {"agreed": agreed, "by": check_words(by, field="by")[:80], "number": number.strip()}
    with unit_of_work():
        record = act_do(actor=actor, case=case, doing=Doing(Act.DISOWN, on, detail, reason=why))
        if agreed:
            record.case.close_reason = why[:200]
            record.case.save(update_fields=["close_reason"])
        return record
