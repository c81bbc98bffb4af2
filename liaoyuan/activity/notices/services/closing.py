"""The end of a posting: by the clock without objections, by a named person with them, or taken down."""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.events import PostingClosed, PostingWithdrawn
from liaoyuan.activity.notices.models import PostingResult, PostingState, PublicPosting
from liaoyuan.activity.notices.policies import can_post, can_receive
from liaoyuan.activity.notices.rules import NO_OBJECTION, allowed_results, over, period
from liaoyuan.activity.notices.selectors.postings import posting_visible
from liaoyuan.activity.notices.services.facts import closed_tell, started_tell
from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.selectors import calendar
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor

FINDING_LEAST = 10


def postings_close_due(*, actor: Actor) -> int:
    """Close every posting whose last day is past: without objections as such, with objections to wait for the
    receiver's finding. Safe to run twice and at once: each posting is locked and looked at again. A period counted
    without a notice of working days (暂算) is counted anew first, and is not closed by the clock while it stays so.
    Returns how many changed."""
    today = clock.today()
    rows = PublicPosting.objects.unscoped("the clock looks at everybody's").filter(state=PostingState.OPEN)
    for row in rows.filter(starts_on=today, person__isnull=False).select_related("person", "unit"):
        started_tell(actor=actor, posting=row)  # put up ahead, hanging from today
    due = list(rows.filter(last_day__lt=today).order_by("last_day").values_list("pk", flat=True))
    return sum(_close_one(actor, pk) for pk in due)


def _close_one(actor: Actor, posting_id: UUID) -> int:
    with unit_of_work():
        row = _locked(posting_id)
        if row.state != PostingState.OPEN:
            return 0
        _count_anew(row)
        if row.provisional or not over(row.last_day, clock.today()):
            return 0
        if row.objections.exists():
            row.state = PostingState.AWAITING
            row.save(update_fields=["state"])
            _audit(actor, "notices.posting_awaiting", row)
        else:
            _finish(actor, row, NO_OBJECTION, "", "")
        return 1


def _count_anew(row: PublicPosting) -> None:
    """Count a provisional period again by what the calendar knows by now; it may end later, never before."""
    if not row.provisional:
        return
    known = calendar(row.starts_on.year, row.starts_on.year + 1)
    days = period(
        row.starts_on,
        row.working_days,
        count_first=row.counts_first_day,
        is_workday=known.is_workday,
        is_provisional=known.provisional,
    )
    if (days.last_day, days.provisional) != (row.last_day, row.provisional):
        row.last_day, row.provisional = max(days.last_day, row.last_day), days.provisional
        row.save(update_fields=["last_day", "provisional"])


def posting_conclude(*, actor: Actor, posting: UUID, result: str, finding: str = "") -> PublicPosting:
    """Say what came of a posting after its period: with objections the receiver says whether they were upheld, each
    thread answered and the finding written; without (a period still 暂算) whoever may post says that there were none.

    Raises Conflict before the end of the period, where it has a result already, or with threads unanswered;
    DomainError for a result that does not fit, or without a finding.
    """
    with unit_of_work():
        seen = posting_visible(actor, posting)
        row = _locked(seen.pk)
        objections = row.objections.count()
        if objections:
            can_receive(actor, row).require()
        else:
            can_post(actor, row.path).require()
        if row.state not in {PostingState.OPEN, PostingState.AWAITING}:
            raise Conflict(_("这次公示是“%(state)s”，不能再作结论。") % {"state": row.get_state_display()})
        _count_anew(row)
        if not over(row.last_day, clock.today()):
            raise Conflict(
                _("公示期到 %(last)s 为止，次日起才能作结论：期内仍可能有人提出异议。") % {"last": row.last_day}
            )
        if result not in allowed_results(objections):
            raise DomainError(
                _("有 %(n)d 件异议，结论只能是异议成立或不成立。") % {"n": objections}
                if objections
                else _("没有收到异议，结论只能是没有异议。"),
                field="result",
            )
        unanswered = row.objections.filter(answered=False).count()
        if unanswered:
            raise Conflict(_("还有 %(n)d 件异议没有答复，请先逐件答复。") % {"n": unanswered})
        words = finding.strip()[:4000]
        if objections and sum(character.isalnum() for character in words) < FINDING_LEAST:
            raise DomainError(_("请写明核实情况（不写提出人和可以推知提出人的细节）。"), field="finding")
        _finish(actor, row, result, words, actor.name)
    return row


def posting_withdraw(*, actor: Actor, posting: UUID, reason: str) -> PublicPosting:
    """Take a posting down before it has a result; what hung stays on record. Raises Conflict where it is over, or where
    somebody has objected: the receiver says what came of that, and nobody posts his way around it."""
    with unit_of_work():
        seen = posting_visible(actor, posting)
        row = _locked(seen.pk)
        can_post(actor, row.path).require()
        if row.state not in {PostingState.OPEN, PostingState.AWAITING}:
            raise Conflict(_("这次公示是“%(state)s”，不能撤下。") % {"state": row.get_state_display()})
        if row.objections.exists():
            raise Conflict(
                _(
                    "这次公示已经收到异议，不能撤下。请受理人%(name)s核实答复，公示期满后写明结论；"
                    "受理人已离队或者不能受理的，由上一级党组织在公示页更换受理人。"
                )
                % {"name": row.receiver.name}
            )
        words = " ".join(reason.split())
        if sum(character.isalnum() for character in words) < 2:
            raise DomainError(_("请写明撤下的理由。"), field="reason")
        row.state, row.reason, row.closed_at = PostingState.WITHDRAWN, words[:200], clock.now()
        row.save(update_fields=["state", "reason", "closed_at"])
        _audit(actor, "notices.posting_withdraw", row, reason=row.reason)
        closed_tell(actor=actor, posting=row, result=_("撤下"))
        bus.publish(PostingWithdrawn(row.pk, row.subject_type, row.subject_id, row.reason))
    return row


def _finish(actor: Actor, row: PublicPosting, result: str, finding: str, by: str) -> None:
    row.state, row.result, row.closed_at = PostingState.CLOSED, PostingResult(result), clock.now()
    row.finding, row.concluded_by = finding, by[:80]
    row.save(update_fields=["state", "result", "closed_at", "finding", "concluded_by"])
    _audit(actor, "notices.posting_close", row, detail={"result": result})
    closed_tell(actor=actor, posting=row, result=str(row.get_result_display()))
    bus.publish(PostingClosed(row.pk, row.subject_type, row.subject_id, result, row.last_day))


def _locked(posting_id: UUID) -> PublicPosting:
    return PublicPosting.objects.unscoped("the caller has authorised").select_for_update().get(pk=posting_id)


def _audit(
    actor: Actor, action: str, row: PublicPosting, *, reason: str = "", detail: dict[str, str] | None = None
) -> None:
    record(
        actor,
        action,
        object_type="notices.posting",
        object_id=row.pk,
        object_label=row.title,
        subject_id=row.person_id,
        reason=reason,
        detail=detail,
    )
