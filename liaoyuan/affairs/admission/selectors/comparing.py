"""Candidates side by side, each with the evidence behind every line (S21). Nothing is scored: people judge."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import can_read
from liaoyuan.affairs.admission.rules.acts import RESULTS, Act
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS
from liaoyuan.affairs.admission.selectors.cases import CaseState, case_states, cases
from liaoyuan.affairs.admission.selectors.page import evidence_text
from liaoyuan.foundation.audit.services import read
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.selectors import Told, person_story

MOST = 4
STORY = 12


@dataclass(frozen=True, slots=True)
class Side:
    """One candidate: his days, what was found about him, and what the chronicle tells of him."""

    state: CaseState
    case: Case
    days: int | None
    reviews: tuple[tuple[date | None, str, str], ...]
    opinions: tuple[tuple[str, str], ...]
    training: str
    counts: tuple[tuple[str, int], ...]
    story: tuple[Told, ...]


def compare(actor: Actor, wanted: Sequence[UUID]) -> list[Side]:
    """Up to four candidates whose files the actor may read, in the order asked for; each look is recorded."""
    rows = {row.pk: row for row in cases(actor).filter(pk__in=list(wanted)[:MOST])}
    chosen = [rows[pk] for pk in dict.fromkeys(wanted) if pk in rows and can_read(actor, rows[pk])]
    sides = []
    for state in case_states(chosen):
        read(actor, "admission.compare", state.case.person)
        sides.append(_side(actor, state))
    return sides


def _side(actor: Actor, state: CaseState) -> Side:
    story = person_story(actor, state.case.person)  # of whoever moved in, what his old branch wrote down too
    records = list(
        StepRecord.objects.filter(case=state.case, live=True, act__in=[Act.REVIEW, Act.OPINION, Act.TRAINING])
        .select_related("review", "opinion", "training")
        .order_by("seq")
    )
    training = next((one for one in records if one.act == Act.TRAINING), None)
    begun = state.progress.activist_on
    return Side(
        state=state,
        case=state.case,
        days=(clock.today() - begun).days if begun is not None else None,
        reviews=tuple(
            (one.done_on, RESULTS.get(one.detail.get("result", ""), ""), evidence_text(one))
            for one in records
            if one.act == Act.REVIEW
        ),
        opinions=tuple(
            (OPINION_LABELS[one.detail["source"]], evidence_text(one)) for one in records if one.act == Act.OPINION
        ),
        training=f"{training.detail.get('days', 0)} / {training.detail.get('hours', 0)}" if training else "",
        counts=tuple(Counter(one.label for one in story).most_common()),
        story=tuple(story[:STORY]),
    )
