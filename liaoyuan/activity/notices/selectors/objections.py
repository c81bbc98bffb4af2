"""Reading sealed threads: one's own, and those of the postings one receives for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from liaoyuan.activity.notices.models import Objection, PublicPosting
from liaoyuan.activity.notices.policies import can_receive
from liaoyuan.kernel.crypto import blind_index
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person

PURPOSE = "notices.sender"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a thread."""

    from_receiver: bool
    text: str
    sent_on: date


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as its reader may see it: ``sender`` is a name; None where it was sent without one, or is one's own."""

    id: UUID
    sender: str | None
    anonymous: bool
    answered: bool
    submitted_on: date
    lines: tuple[Line, ...]


def sender_index(posting_id: UUID, person_id: UUID) -> str:
    """The key by which a sender finds his thread again, and nobody else finds him."""
    return blind_index(f"{posting_id}:{person_id}", purpose=PURPOSE)


def own_thread(actor: Actor, posting: PublicPosting) -> Thread | None:
    """The actor's own thread about a posting, if he has one."""
    if actor.person_id is None:
        return None
    rows = Objection.objects.filter(posting=posting, sender_index=sender_index(posting.pk, actor.person_id))
    row = rows.prefetch_related("messages").first()
    return _thread(row, None) if row is not None else None


def threads_received(actor: Actor, posting: PublicPosting) -> list[Thread]:
    """Every thread about a posting, for its named receiver; NotPermitted for everybody else. Senders who asked not to
    be named are not: their name is not even decrypted."""
    can_receive(actor, posting).require()
    rows = list(Objection.objects.filter(posting=posting).prefetch_related("messages").order_by("submitted_on", "pk"))
    named = [UUID(row.sender) for row in rows if not row.anonymous]
    people = Person.objects.unscoped("a named sender wrote to this receiver").filter(pk__in=named)
    names = {str(person.pk): person.name for person in people}
    return [_thread(row, None if row.anonymous else names.get(row.sender, "")) for row in rows]


def objection_received(actor: Actor, objection_id: UUID) -> Objection:
    """A thread for its receiver. NotInScope for everybody else: that it exists is nobody's business."""
    row = Objection.objects.select_related("posting", "posting__receiver").filter(pk=objection_id).first()
    if row is None or not can_receive(actor, row.posting):
        raise NotInScope()
    return row


def _thread(row: Objection, sender: str | None) -> Thread:
    lines = tuple(Line(one.from_receiver, one.text, one.sent_on) for one in row.messages.all())
    return Thread(row.pk, sender, row.anonymous, row.answered, row.submitted_on, lines)


def postings_received(actor: Actor) -> QuerySet[PublicPosting]:
    """The postings for which the actor takes objections, with how many there are and how many wait."""
    rows = PublicPosting.objects.unscoped("those the actor receives for").filter(receiver_id=actor.person_id)
    counts = {"received": Count("objections"), "waiting": Count("objections", filter=Q(objections__answered=False))}
    return rows.select_related("unit").annotate(**counts).order_by("-starts_on", "-pk")[:100]
