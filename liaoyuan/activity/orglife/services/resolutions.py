"""Signing the resolution that a vote became."""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.events import ResolutionSigned
from liaoyuan.activity.orglife.models import Resolution
from liaoyuan.activity.orglife.policies import can_sign
from liaoyuan.activity.orglife.rules.decisions import RULES
from liaoyuan.activity.orglife.services.locking import locked_motion
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.crypto import sm3
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor

PERFORMANCE_LEAST = 10


def resolution_sign(*, actor: Actor, motion: UUID, performance: str = "") -> Resolution:
    """Sign the resolution on a motion: with the person's main performance where it is about one (DM-30). Signed, it is
    never changed again; its SM3 is kept. By the secretary, who may not be the person it is about.

    Raises Conflict where there is none yet or it is signed already; DomainError without the main performance.
    """
    with unit_of_work():
        row = locked_motion(actor, motion)
        can_sign(actor, row.meeting).require()
        resolution = Resolution.objects.select_for_update().filter(motion=row).first()
        if resolution is None:
            raise Conflict(_("这项表决还没有结果，没有可以签署的决议。"))
        if resolution.signed_at is not None:
            raise Conflict(
                _("决议已由 %(name)s 于 %(day)s 签署，不再改动。")
                % {"name": resolution.signed_name, "day": clock.local(resolution.signed_at).date()}
            )
        if actor.person_id is not None and actor.person_id == row.person_id:
            raise DomainError(_("决议涉及的本人不能签署。"))
        text = performance.strip()[:4000]
        about = row.rule in {"admission", "conversion"}
        if about and sum(character.isalnum() for character in text) < PERFORMANCE_LEAST:
            raise DomainError(
                _("请写明%(name)s的主要表现，再签署决议。") % {"name": row.person.name if row.person else ""},
                field="performance",
                clause=clause_words("DM-30", on=row.meeting.held_on),
            )
        resolution.performance = text
        resolution.signed_by_id, resolution.signed_name = actor.person_id, actor.name[:80]
        resolution.signed_at = clock.now()
        resolution.digest = sm3(f"{row.pk}\n{text}\n{resolution.text}\n{resolution.signed_name}".encode())
        resolution.save()
        record(
            actor,
            "orglife.resolution_sign",
            object_type="orglife.motion",
            object_id=row.pk,
            object_label=row.title,
            subject_id=row.person_id,
            detail={"rule": RULES[row.rule].id, "sm3": resolution.digest},
        )
        bus.publish(ResolutionSigned(resolution.pk, row.pk, row.subject_type, row.subject_id, resolution.adopted))
    return resolution
