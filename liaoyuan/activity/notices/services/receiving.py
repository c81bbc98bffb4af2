"""Another receiver: who takes and reads the objections to a posting."""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PostingState, PublicPosting
from liaoyuan.activity.notices.policies import can_name_receiver
from liaoyuan.activity.notices.selectors.postings import posting_visible
from liaoyuan.activity.notices.services.starting import check_receiver, content_hash
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person


def receiver_replace(*, actor: Actor, posting: UUID, receiver: Person, reason: str, contact: str = "") -> PublicPosting:
    """Name another receiver of a posting that has no result yet (the one before left, or cannot receive). Every sealed
    thread passes to him with what was written so far; the one before reads nothing any more. The posting's page says
    since when, the trail from whom to whom and why. Whether there are objections makes no difference, so that nobody
    learns of one by asking.

    Raises NotInScope, NotPermitted for who may not post at the unit above; Conflict where it is over; DomainError for
    oneself, the same receiver, the person it is about, somebody without an account, or without a reason.
    """
    with unit_of_work():
        seen = posting_visible(actor, posting)
        can_name_receiver(actor, seen).require()
        rows = PublicPosting.objects.unscoped("authorised above").select_for_update(of=("self",))
        row = rows.select_related("receiver", "person").get(pk=seen.pk)
        if row.state not in {PostingState.OPEN, PostingState.AWAITING}:
            raise Conflict(_("这次公示是“%(state)s”，不用再更换受理人。") % {"state": row.get_state_display()})
        before = row.receiver
        if receiver.pk == before.pk:
            raise DomainError(_("%(name)s 就是现在的受理人。") % {"name": receiver.name}, field="receiver")
        if actor.person_id is not None and receiver.pk == actor.person_id:
            raise DomainError(_("不能把别人写给受理人的异议转给自己，请指定其他人。"), field="receiver")
        check_receiver(receiver, row.person)
        words = " ".join(reason.split())
        if sum(character.isalnum() for character in words) < 2:
            raise DomainError(_("请写明更换的理由。"), field="reason")
        was, places = row.content_hash, [(one.unit.code, one.place) for one in row.places.select_related("unit")]
        row.receiver, row.receiver_since, row.receiver_before = receiver, clock.today(), before.name[:80]
        row.content_hash = content_hash(row.title, row.body, places, receiver)
        row.contact = " ".join(contact.split())[:120]  # the one before is reached no more
        row.save(update_fields=["receiver", "receiver_since", "receiver_before", "contact", "content_hash"])
        record(
            actor,
            "notices.receiver_replace",
            object_type="notices.posting",
            object_id=row.pk,
            object_label=row.title,
            subject_id=row.person_id,
            reason=words[:200],
            detail={
                "from": before.number, "from_name": before.name, "to": receiver.number, "to_name": receiver.name,
                "sm3_before": was, "sm3": row.content_hash,
            },
        )  # fmt: skip
    return row
