"""Keeping 挂靠 in step with postings: attached from the first day until the day of return.

The attachment carries the posting as its source. One that begins on a day to come is made on that day, by the job of
the turn of the day. Lock order: the branch's row, then the person's.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.members.rules import spans
from liaoyuan.organisation.members.services.membership import (
    do_attach,
    do_detach,
    show_memberships,
    store_history,
)
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services.lock import unit_for_path
from liaoyuan.organisation.whereabouts.models import Posting

SOURCE = "whereabouts.posting"


def lock_branch(unit: Unit | None) -> Unit | None:
    """The branch as it stands now, its row locked before any person's; None for none."""
    return unit_for_path(unit.pk) if unit is not None else None


def begin(actor: Actor, posting: Posting) -> None:
    """Attach the person if the posting says so, has begun, and lasted at least a day. Raises DomainError where members
    refuses (attached elsewhere, the branch's dates)."""
    unit, today = posting.attached_unit, clock.today()
    if unit is None or posting.since > today or posting.ended_on == posting.since:
        return
    do_attach(
        actor,
        posting.person,
        unit,
        since=posting.since,
        until=posting.ended_on,
        reason=_("外出：%(purpose)s · %(site)s") % {"purpose": posting.purpose.name, "site": posting.site.name},
        source=SOURCE,
        source_id=posting.pk,
    )


def end(actor: Actor, posting: Posting) -> None:
    """End the attachment that came with the posting on its day of return; nothing where there is none."""
    row = _row(posting)
    if row is None or posting.ended_on is None or row.until is not None:
        return
    reason = _("归队")
    do_detach(
        actor, posting.person, on=max(posting.ended_on, row.since), reason=reason, source=row.source,
        source_id=row.source_id,
    )  # fmt: skip


def undo(posting: Posting) -> None:
    """Take the attachment out of the person's history as if it had never been (cancelled or corrected)."""
    row = _row(posting)
    if row is None:
        return
    person: Person = posting.person
    rows = list(person.memberships.filter(kind=MembershipKind.ATTACHED))
    history = [spans.Span(item.since, item.until, (item.unit_id, item.group_id), item) for item in rows]
    kept = [span for span in history if span.key.pk != row.pk]
    store_history(person, MembershipKind.ATTACHED, history, kept, reason=_("外出登记更正"))
    show_memberships(person)


def _row(posting: Posting) -> Membership | None:
    """The membership that came with the posting: by its source, or (from a roster) by branch and first day."""
    rows = posting.person.memberships.filter(kind=MembershipKind.ATTACHED)
    ours: Membership | None = rows.filter(source_id=posting.pk).order_by("-since").first()
    if ours is None and posting.attached_unit_id is not None:
        same = rows.filter(unit_id=posting.attached_unit_id, since=posting.since)
        ours = same.exclude(source=SOURCE).order_by("-since").first()
    return ours


def due() -> list[UUID]:
    """Postings that have begun, say whom to attach to, and have not done it: for the turn of the day."""
    today = clock.today()
    rows = Posting.objects.unscoped("the turn of the day concerns everybody").filter(
        since__lte=today, ended_on__isnull=True, attached_unit__isnull=False, person__attached_unit__isnull=True,
        person__active=True,
    )  # fmt: skip
    done = Membership.objects.filter(source=SOURCE, source_id__isnull=False).values("source_id")
    return list(rows.exclude(pk__in=done).order_by("since").values_list("pk", flat=True))
