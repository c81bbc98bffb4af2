"""What happens to a posting after it was recorded: arrival confirmed, extended, corrected, ended, cancelled."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.events import PostingEnded
from liaoyuan.organisation.whereabouts.models import Posting, Purpose
from liaoyuan.organisation.whereabouts.policies import can_confirm, can_post
from liaoyuan.organisation.whereabouts.selectors.postings import posting_seen
from liaoyuan.organisation.whereabouts.services import attachment
from liaoyuan.organisation.whereabouts.services.facts import postings_follow
from liaoyuan.organisation.whereabouts.services.postings import (
    check_branch,
    check_site,
    clash_sentence,
    record_changes,
    spans_of,
)
from liaoyuan.organisation.whereabouts.services.presence import lock_people, presence_refresh


def posting_confirm(*, actor: Actor, posting: UUID) -> Posting:
    """The person has arrived. By himself, his home branch's clerk, or the branch he is attached to. Raises Conflict
    where it is confirmed already or he is not away."""
    with unit_of_work():
        row = _locked(actor, posting)
        can_confirm(actor, row.person).require()
        today = clock.today()
        if row.confirmed_at is not None:
            raise Conflict(_("到位已经确认过了，没有改动。"))
        if not rules.active_on(row.since, row.ended_on, today):
            raise Conflict(_("这次外出还没开始或已经结束，不用确认到位。"))
        row.confirmed_at = clock.now()
        return _saved(actor, row, "confirmed", ["confirmed_at"])


def posting_extend(*, actor: Actor, posting: UUID, planned_end: date, reason: str) -> Posting:
    """The person will be away longer (or come back earlier): a new planned end with its reason. Raises Conflict where
    he is back already, DomainError for a date before the start or overlapping the next posting."""
    with unit_of_work():
        row = _locked(actor, posting)
        can_post(actor, row.person).require()
        _needs_reason(reason)
        if row.ended_on is not None:
            raise Conflict(_("这次外出已经结束，不能再改预计结束日期。"))
        if planned_end == row.planned_end:
            raise DomainError(_("新的预计结束日期与原来相同。"), field="planned_end")
        _check_span(row, row.since, planned_end, None, field="planned_end")
        before = row.planned_end
        row.planned_end = planned_end
        detail = {"before": str(before or ""), "after": str(planned_end)}
        return _saved(actor, row, "extended", ["planned_end"], reason=reason, detail=detail)


def posting_end(*, actor: Actor, posting: UUID, ended_on: date, reason: str = "") -> Posting:
    """The person came back on ``ended_on``; the attachment ends with it. Raises Conflict where that is recorded
    already, DomainError for a day before the start or after today."""
    with unit_of_work():
        row = _locked(actor, posting)
        can_post(actor, row.person).require()
        if row.ended_on is not None:
            raise Conflict(_("已登记 %s 归队，没有改动。如有误请用“更正”。") % row.ended_on)
        if ended_on > clock.today():
            raise DomainError(_("归队日期不能晚于今天；要预先安排，请改预计结束日期。"), field="ended_on")
        if ended_on < row.since:
            raise DomainError(_("归队日期早于外出开始日期 %s，请核对。") % row.since, field="ended_on")
        return _ended(actor, row, ended_on, reason)


def posting_cancel(*, actor: Actor, posting: UUID, reason: str) -> None:
    """It never happened: the posting is taken out, its history and the audit trail keep what it said."""
    with unit_of_work():
        row = _locked(actor, posting)
        can_post(actor, row.person).require()
        _needs_reason(reason)
        _taken_out(actor, row, reason)


def postings_leave(*, actor: Actor, person: UUID, on: date) -> None:
    """``person`` is out of service from ``on``: the posting he is on ends that day, one to begin later is taken out.

    For the transaction in which he leaves: his row is locked, and the leave itself is what authorises it.
    """
    reason = _("离队")
    rows = Posting.objects.unscoped("who leaves is away from nowhere any more").filter(
        person_id=person, ended_on__isnull=True
    )
    for row in rows.select_related("person__unit", "purpose", "site", "attached_unit").order_by("since"):
        if row.since > on:
            _taken_out(actor, row, reason)
        else:
            _ended(actor, row, on, reason)


@dataclass(frozen=True, slots=True)
class Correction:
    """Every value of a posting as it should have been recorded."""

    purpose: Purpose
    site: Site
    since: date
    planned_end: date | None
    ended_on: date | None
    attached_unit: Unit | None
    note: str = ""


def posting_correct(*, actor: Actor, posting: UUID, to: Correction, reason: str) -> Posting:
    """It was recorded wrongly: set every value, keep before and after in its history. Raises as beginning does; the
    place and the branch that it names already may have gone out of use since."""
    with unit_of_work():
        attachment.lock_branch(to.attached_unit)
        row = _locked(actor, posting)
        can_post(actor, row.person).require()
        _needs_reason(reason)
        if to.site.pk != row.site_id:
            check_site(to.site)
        if to.attached_unit is not None and to.attached_unit.pk != row.attached_unit_id:
            check_branch(to.attached_unit)
        if to.attached_unit is not None and to.attached_unit.pk == row.person.unit_id:
            raise DomainError(_("组织关系就在“%s”，不用挂靠。") % to.attached_unit.name, field="attached_unit")
        if to.ended_on is None and not row.person.active:
            raise DomainError(_("%s 已离队，请填写这次外出的实际结束日期。") % row.person.name, field="ended_on")
        if to.ended_on is not None and to.ended_on > clock.today():
            raise DomainError(_("归队日期不能晚于今天；要预先安排，请改预计结束日期。"), field="ended_on")
        if to.ended_on is not None and to.ended_on < to.since:
            raise DomainError(_("归队日期早于开始日期，请改正其中一个。"), field="ended_on")
        _check_span(row, to.since, to.planned_end, to.ended_on, field="since")
        before = _values(row)
        attached_before = (row.attached_unit_id, row.since, row.ended_on)
        attached_after = (to.attached_unit.pk if to.attached_unit else None, to.since, to.ended_on)
        if attached_before != attached_after:
            attachment.undo(row)
        for name in ("purpose", "site", "since", "planned_end", "ended_on", "attached_unit"):
            setattr(row, name, getattr(to, name))
        row.note = to.note.strip()[:200]
        after = _values(row)
        if before == after:
            raise DomainError(_("没有改动任何一项。"))
        if attached_before != attached_after:
            attachment.begin(actor, row)
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        names = ["purpose", "site", "since", "planned_end", "ended_on", "attached_unit", "note"]
        return _saved(actor, row, "corrected", names, reason=reason, detail=changed)


def _locked(actor: Actor, posting: UUID) -> Posting:
    """The posting in the actor's scope, its person locked first (the order every verb keeps), then read afresh."""
    seen = posting_seen(actor, posting)
    lock_people([seen.person_id])
    return posting_seen(actor, posting, lock=True)


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("请写明理由：它会留在这次外出的经过里。"), field="reason")


def _check_span(row: Posting, since: date, planned_end: date | None, ended_on: date | None, *, field: str) -> None:
    today = clock.today()
    if wrong := rules.date_problem(since, planned_end, today):
        raise DomainError(wrong, field=field)
    others = spans_of([row.person_id], but=row.pk).get(row.person_id, [])
    if clash := rules.overlapping(rules.Span(since, planned_end, ended_on), others, today):
        raise DomainError(clash_sentence(clash), field=field)


def _ended(actor: Actor, row: Posting, ended_on: date, reason: str) -> Posting:
    row.ended_on = ended_on
    attachment.end(actor, row)
    bus.publish(PostingEnded(row.pk, row.person_id))
    return _saved(actor, row, "ended", ["ended_on"], reason=reason, detail={"ended_on": str(ended_on)})


def _taken_out(actor: Actor, row: Posting, reason: str) -> None:
    before, person = _values(row), row.person_id
    attachment.undo(row)
    record_changes(actor, [row], "cancelled", reason=reason, detail=before)
    _audit(actor, row, "cancelled", reason, before)
    row.delete()
    postings_follow(actor=actor, person_ids=[person])
    presence_refresh([person])


def _values(row: Posting) -> dict[str, Any]:
    return {
        "purpose": row.purpose.name,
        "site": row.site.name,
        "since": str(row.since),
        "planned_end": str(row.planned_end or ""),
        "ended_on": str(row.ended_on or ""),
        "attached_unit": row.attached_unit.name if row.attached_unit else "",
        "note": row.note,
    }


_TOLD = frozenset({"ended", "corrected"})  # the other verbs change no milestone


def _saved(
    actor: Actor,
    row: Posting,
    verb: str,
    names: list[str],
    *,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Posting:
    row.save(update_fields=names)
    record_changes(actor, [row], verb, reason=reason, detail=detail)
    if verb in _TOLD:
        postings_follow(actor=actor, person_ids=[row.person_id])
    presence_refresh([row.person_id])
    _audit(actor, row, verb, reason, detail)
    return row


def _audit(actor: Actor, row: Posting, verb: str, reason: str, detail: dict[str, Any] | None) -> None:
    audit.record(
        actor,
        f"whereabouts.{verb}",
        object_type="whereabouts.posting",
        object_id=row.pk,
        object_label=f"{row.person.name} · {row.purpose.name} · {row.site.name}",
        subject_id=row.person_id,
        reason=reason,
        detail=detail,
    )
