"""What the pages of postings show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from liaoyuan.activity.notices.models import Objection, PostingState, PublicPosting
from liaoyuan.activity.notices.policies import Capability, can_name_receiver, can_post, can_receive
from liaoyuan.activity.notices.rules import Body, over
from liaoyuan.activity.notices.selectors.objections import Thread, own_thread
from liaoyuan.activity.notices.selectors.postings import postings_visible
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

_LIVE = frozenset({PostingState.OPEN, PostingState.AWAITING})


def posting_rows(actor: Actor) -> QuerySet[PublicPosting]:
    """The list of postings."""
    return postings_visible(actor).select_related("unit", "receiver", "person")


@dataclass(frozen=True, slots=True)
class PostingPage:
    """One posting as the reader may see it. Objections are numbers to the receiver, nothing to others."""

    posting: PublicPosting
    body: Body
    places: tuple[Any, ...]
    own: Thread | None
    open: bool
    may_object: bool
    may_post: bool
    may_name_receiver: bool
    receives: bool
    objections: int
    unanswered: int
    may_conclude: bool


def posting_page(actor: Actor, posting: PublicPosting) -> PostingPage:
    """The page of a posting that the actor may see (``posting_visible``)."""
    today = clock.today()
    receives, posts = bool(can_receive(actor, posting)), bool(can_post(actor, posting.path))
    objections = unanswered = 0
    if receives:
        numbers = posting.objections.aggregate(n=Count("pk"), m=Count("pk", filter=Q(answered=False)))
        objections, unanswered = numbers["n"], numbers["m"]
    live = posting.state == PostingState.OPEN and posting.starts_on <= today and not over(posting.last_day, today)
    ended = posting.state in _LIVE and over(posting.last_day, today)
    return PostingPage(
        posting=posting,
        body=Body.from_json(posting.body),
        places=tuple(posting.places.select_related("unit").order_by("path")),
        own=own_thread(actor, posting),
        open=live,
        may_object=live and actor.person_id is not None and not receives,
        may_post=posts,
        may_name_receiver=posting.state in _LIVE and bool(can_name_receiver(actor, posting)),
        receives=receives,
        objections=objections,
        unanswered=unanswered,
        may_conclude=ended and ((receives and objections > 0) or (posts and posting.state == PostingState.OPEN)),
    )


def units_to_post(actor: Actor) -> QuerySet[Unit]:
    """Living units for which the actor may put postings up; groups have no walls of their own."""
    rows = Unit.objects.visible_to(actor, Capability.POST).filter(dissolved_on__isnull=True)
    return rows.exclude(kind="group").order_by("path")


def receivers_to_name(actor: Actor) -> QuerySet[Person]:
    """People in service below whom the actor posts, and whoever holds a post above them: a superior may receive."""
    below = Person.objects.visible_to(actor, Capability.POST)
    return below.filter(active=True).order_by("home_path", "rank_order", "pinyin")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What postings wait for somebody: threads to answer, postings to conclude, periods without a calendar, postings
    whose receiver has left or has no account any more."""

    unanswered: int
    to_conclude: tuple[PublicPosting, ...]
    provisional: tuple[PublicPosting, ...]
    unreceived: tuple[PublicPosting, ...]


def waiting(actor: Actor) -> Waiting:
    """For the home page, three queries at most."""
    unanswered, to_conclude = 0, ()
    if actor.person_id is not None:
        unanswered = Objection.objects.filter(
            answered=False,
            posting__receiver_id=actor.person_id,
            posting__state__in=[PostingState.OPEN, PostingState.AWAITING],
        ).count()
        rows = PublicPosting.objects.unscoped("those the actor receives for")
        to_conclude = tuple(rows.filter(receiver_id=actor.person_id, state=PostingState.AWAITING)[:20])
    found: list[PublicPosting] = []
    today = clock.today()
    if actor.holds(Capability.POST):
        uncounted = Q(state=PostingState.OPEN, provisional=True, last_day__lt=today)
        gone = Q(state__in=_LIVE) & (Q(receiver__active=False) | Q(receiver__user__isnull=True))
        rows = PublicPosting.objects.visible_to(actor, Capability.POST).select_related("receiver")
        found = list(rows.filter(uncounted | gone).order_by("last_day", "pk")[:40])
    return Waiting(
        unanswered,
        to_conclude,
        provisional=tuple(
            row for row in found if row.provisional and row.state == PostingState.OPEN and over(row.last_day, today)
        ),
        unreceived=tuple(row for row in found if not row.has_receiver and can_name_receiver(actor, row)),
    )
