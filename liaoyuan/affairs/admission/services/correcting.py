"""Correcting and cancelling what was recorded: the old row stays, with who changed it and why.

A case whose acts change is judged anew from the first to the last: what a later act built on must still be lawful.
Where an act changed the person's standing, its day is part of the member's history: cancelling gives the earlier
standing back; another day is set by cancelling and recording anew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PostingState, PublicPosting
from liaoyuan.affairs.admission.events import CaseChanged
from liaoyuan.affairs.admission.models import Case, Introducer, Mentor, StepRecord
from liaoyuan.affairs.admission.policies import can_act, can_keep
from liaoyuan.affairs.admission.rules.acts import ACTS, BESIDE, FOLLOWING, VERDICTS, Act, Happened, detail_problem
from liaoyuan.affairs.admission.rules.checks import check
from liaoyuan.affairs.admission.rules.findings import Finding, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import Progress, fold
from liaoyuan.affairs.admission.selectors.cases import happened, live_records, progress_of
from liaoyuan.affairs.admission.services.acting import follow_standing, limits_of, show
from liaoyuan.affairs.admission.services.locking import check_words, locked_case
from liaoyuan.affairs.admission.services.refusing import refusal_take_back, refusal_tell
from liaoyuan.affairs.admission.services.rewriting import rewritten
from liaoyuan.affairs.admission.services.telling import retell
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor

# Who acted, and which people were named, was judged on the day; a replay judges order and terms.
_NOT_REPLAYED = frozenset(
    {"mentors_count", "introducers_count", "helper_self", "helper_not_full", "introducer_barred", "no_power",
     "not_superior", "under_age"}
)  # fmt: skip
# Standings before and after a cancelling, between which an approval stood.
_IN_FORCE = frozenset({("probationary", "candidate"), ("full", "probationary"), ("masses", "probationary")})


def record_correct(
    *,
    actor: Actor,
    case: UUID,
    record: UUID,
    reason: str,
    on: date | None = None,
    detail: Mapping[str, Any] | None = None,
    content: Mapping[str, Any] | None = None,
) -> StepRecord:
    """Replace what is wrong about an act: its day, or what it carries (``detail`` as it is kept, ``content`` as the
    act's form gives it); what is left out stays. The evidence (texts, people) moves to the new row; where a text is
    another, the old one stays with the old row. Raises DomainError for a change after which an act is unlawful."""
    with unit_of_work():
        row, old, records = _taken(actor, case, record)
        words = check_words(reason, field="reason")[:200]
        day = on or old.done_on
        carried = dict(old.detail) | dict(detail or {})
        texts: dict[str, Any] = {}
        if content and day is not None:
            carried, texts = rewritten(row, old, content, on=day)
        if day == old.done_on and carried == old.detail and not texts:
            raise DomainError(_("没有改动。"), field="on")
        problem = detail_problem(Act(old.act), carried)
        if problem:
            raise DomainError(f"{problem}。")
        limits = limits_of(row)
        index = records.index(old)
        before = progress_of(row, records, limits)
        reason = old.reason or _refusal(old, carried, words)
        new = StepRecord(
            case=row, seq=old.seq, act=old.act, step=old.step, done_on=day, detail=carried,
            back_filled=old.back_filled, against=old.against, reason=reason, basis=old.basis, unit_id=old.unit_id,
            by_name=actor.name[:80], recorded_at=clock.now(), supersedes=old,
        )  # fmt: skip
        changed = [*records[:index], new, *records[index + 1 :]]
        _replay(changed, limits, from_index=index)
        after = progress_of(row, changed, limits)
        if after.standing != before.standing or _standing_days(after) != _standing_days(before):
            if day == old.done_on:
                raise DomainError(_("这样改会改变政治面貌，不能在更正中办理。请先撤销这条记录，再按实际情况重新办理。"))
            raise DomainError(
                _("这一步的日期就是政治面貌变更的日期。请先撤销这条记录，再按正确的日期重新办理。"), field="on"
            )
        _end(actor, old, words)
        new.save(force_insert=True)
        _evidence_moves(old, new, texts)
        retell(actor, old, new, progress_of(row, records[:index], limits), reason=words)
        refusal_take_back(actor, old)
        refusal_tell(actor, new)
        _finish(actor, row, after, limits, old, words, "admission.correct")
        return new


def record_cancel(*, actor: Actor, case: UUID, record: UUID, reason: str) -> StepRecord:
    """It did not happen. Later acts that build on it are cancelled first. A standing that it gave is taken back."""
    with unit_of_work():
        row, old, records = _taken(actor, case, record)
        if old.act == Act.APPLY:
            raise DomainError(_("案卷由入党申请建立，不能撤销；不再发展的请用“终止发展”。"))
        if old.detail.get("posting") and _hangs(old.detail["posting"]):
            raise DomainError(_("这份公示还在平台上，请在公示页撤下，案卷随之更新。"))
        words = check_words(reason, field="reason")[:200]
        limits = limits_of(row)
        index = records.index(old)
        before = progress_of(row, records, limits)
        rest = [one for one in records if one.pk != old.pk]
        _replay(rest, limits, from_index=index)
        after = progress_of(row, rest, limits)
        if (before.standing, after.standing) in _IN_FORCE:
            raise DomainError(
                _("审批已经生效，不能撤销。确有错误的，按组织程序处理后在“个人档案”中更正政治面貌，并写明依据。")
            )
        _end(actor, old, words)
        Mentor.objects.filter(record=old).delete()
        Introducer.objects.filter(record=old).delete()
        follow_standing(actor, row, before, after, old)
        retell(actor, old, None, before, reason=words)
        refusal_take_back(actor, old)
        _finish(actor, row, after, limits, old, words, "admission.cancel")
        return old


def _hangs(posting: str) -> bool:
    rows = PublicPosting.objects.unscoped("the case's own posting")
    return rows.filter(pk=posting, state__in=[PostingState.OPEN, PostingState.AWAITING]).exists()


def _taken(actor: Actor, case_id: UUID, record_id: UUID) -> tuple[Case, StepRecord, list[StepRecord]]:
    row = locked_case(actor, case_id)
    can_keep(actor, row).require()
    old = StepRecord.objects.filter(case=row, pk=record_id).first()
    if old is None:
        raise NotInScope()
    can_act(actor, row, Act(old.act)).require()
    if old.act in FOLLOWING:
        raise DomainError(_("这条记录随“个人档案”的变动生成，请在个人档案中更正，案卷随之变化。"))
    if not old.live:
        raise Conflict(_("这条记录刚被别人更正或撤销，请刷新后再看。"))
    records = live_records(row)
    return row, next(one for one in records if one.pk == old.pk), records


def _replay(records: Sequence[StepRecord], limits: Limits, *, from_index: int) -> None:
    """Judge what follows anew. Raises DomainError naming the act that would no longer be lawful."""
    acts = happened(records)
    for index in range(from_index, len(acts)):
        one = acts[index]
        if one.on is None or one.act in BESIDE:
            continue
        for finding in _wrong(one, fold(acts[:index], limits), limits):
            raise DomainError(
                _("这样改以后，“%(act)s”（%(on)s）就不符合规定了：%(why)s")
                % {"act": ACTS[one.act].label, "on": one.on, "why": finding.message},
                field=finding.field if index == from_index else "",
                clause=finding.clause,
            )


def _wrong(one: Happened, state: Progress, limits: Limits) -> list[Finding]:
    if one.on is None:
        return []
    found = check(one.act, one.on, one.detail, state, limits, Setting(), today=clock.today())
    return [item for item in found if item.weight == Weight.HARD and item.code not in _NOT_REPLAYED]


def _standing_days(state: Progress) -> tuple[date | None, ...]:
    return (state.applied_on, state.activist_on, state.candidate_on, state.probation_from, state.full_on)


def _end(actor: Actor, old: StepRecord, words: str) -> None:
    old.live, old.ended_reason, old.ended_by, old.ended_at = False, words, actor.name[:80], clock.now()
    old.save(update_fields=["live", "ended_reason", "ended_by", "ended_at"])


def _refusal(old: StepRecord, carried: Mapping[str, Any], words: str) -> str:
    """Whoever is refused by a correction is told why."""
    return words if any(carried.get(key) is False and old.detail.get(key) is not False for key in VERDICTS) else ""


def _evidence_moves(old: StepRecord, new: StepRecord, texts: Mapping[str, Any]) -> None:
    """Texts and people belong to the act; the corrected row carries them on, in a row of its own where they change."""
    for name in ("talk", "review", "opinion", "political_review", "training", "examination"):
        found = getattr(old, name, None)
        if found is None:
            continue
        if texts:
            kept = {field.name: getattr(found, field.name) for field in found._meta.concrete_fields}
            type(found).objects.create(**kept | {"id": new_id(), "record": new} | dict(texts))
        else:
            found.record = new
            found.save(update_fields=["record"])
    Mentor.objects.filter(record=old).update(record=new)
    Introducer.objects.filter(record=old).update(record=new)


def _finish(
    actor: Actor, case: Case, state: Progress, limits: Limits, old: StepRecord, reason: str, action: str
) -> None:
    if not state.closed:
        case.close_reason = ""
    show(case, state, limits, on=clock.today())
    audit(
        actor,
        action,
        object_type="admission.case",
        object_id=case.pk,
        object_label=old.get_act_display(),
        subject_id=case.person_id,
        reason=reason,
        detail={"act": old.act, "was_on": old.done_on, "seq": old.seq},
    )
    bus.publish(CaseChanged(case.pk, case.person_id, case.unit_id, old.act))
