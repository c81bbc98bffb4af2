"""What was handed to somebody who can see to it no more goes back to whoever holds the post."""

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.inbox.services import items_close
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty, DutyAct, DutyState
from liaoyuan.organisation.members.models import Person

_GONE = Q(handed_to__active=False) | Q(handed_to__user__isnull=True) | Q(handed_to__user__is_active=False)


def duties_return() -> tuple[str, ...]:
    """Take back every open duty that was handed to somebody who is out of service, or has no account in use: nobody
    else would be told of it. Returns the rules of which there were any."""
    actor = Actor.system(_("到点提醒"))
    with unit_of_work():
        rows = Duty.objects.unscoped("handed to nobody who could see to it").select_related("handed_to")
        rows = rows.filter(_GONE, state=DutyState.OPEN, handed_to__isnull=False).select_for_update(of=("self",))
        found = list(rows.order_by("pk"))
        for row in found:
            gone: Person | None = row.handed_to
            row.handed_to, row.told = None, ""
            row.save(update_fields=["handed_to", "told"])
            if gone is not None and gone.user_id is not None:
                items_close(actor=actor, keys=[f"duty:{row.pk}"], user_ids=[gone.user_id])
            words = _("接办人已离队或没有可用的账号")
            act_note(actor, row, "taken_back", words, gone.name if gone is not None else "")
    return tuple(sorted({row.rule for row in found}))


def act_note(actor: Actor, duty: Duty, verb: str, reason: str, detail: str) -> None:
    """Keep what was done about a duty: on its page and in the trail. The caller has authorised it."""
    DutyAct.objects.create(
        duty=duty, verb=verb, by_name=actor.name[:80], reason=reason.strip()[:200], detail=detail[:120]
    )
    record(
        actor,
        f"duties.{verb}",
        object_type="duties.duty",
        object_id=duty.pk,
        object_label=duty.rule,
        subject_id=duty.person_id,
        reason=reason,
        detail={"to": detail},
    )
