"""Which meetings and motions an actor may see: those of his reach, and those he is called to."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from liaoyuan.activity.orglife.models import Meeting, Motion, RollEntry
from liaoyuan.activity.orglife.policies import Capability
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor


def meetings_visible(actor: Actor) -> QuerySet[Meeting]:
    """Meetings in the actor's reach of ``orglife.view``, and every meeting on whose roll he stands (or that he chairs
    or records)."""
    condition = Meeting.scope.filter(actor, Capability.VIEW)
    rows = Meeting.objects.unscoped("narrowed by the scope's condition and by the roll")
    if condition is None:
        return rows
    if actor.person_id is not None:
        own = RollEntry.objects.filter(meeting=OuterRef("pk"), person_id=actor.person_id)
        condition |= Q(Exists(own)) | Q(chair_id=actor.person_id) | Q(recorder_id=actor.person_id)
    return rows.filter(condition)


def meeting_visible(actor: Actor, meeting_id: UUID) -> Meeting:
    """The meeting, if the actor may see it. NotInScope else: unknown and out of scope look the same."""
    row = meetings_visible(actor).select_related("unit", "chair", "recorder").filter(pk=meeting_id).first()
    if row is None:
        raise NotInScope()
    return row


def motion_visible(actor: Actor, motion_id: UUID) -> Motion:
    """The motion with its meeting, if the actor may see the meeting."""
    row = Motion.objects.filter(pk=motion_id).select_related("person", "mover").first()
    if row is None:
        raise NotInScope()
    row.meeting = meeting_visible(actor, row.meeting_id)
    return row


def motions_of_subject(actor: Actor, subject_type: str, subject_id: object) -> QuerySet[Motion]:
    """Motions that decide (or decided) an affair, newest first, among the meetings the actor may see."""
    rows = Motion.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    seen = meetings_visible(actor).values("pk")
    return rows.filter(meeting__in=seen).select_related("meeting", "meeting__unit").order_by("-created_at")
