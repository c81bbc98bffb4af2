"""One's own items. Nobody reads another's: every function narrows to the actor's account."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, When

from liaoyuan.foundation.inbox.models import Item, Kind
from liaoyuan.foundation.inbox.rules import Severity
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor

_UNREAD = """
SELECT count(*) FROM inbox_item
WHERE user_id = %s AND read_at IS NULL AND done_at IS NULL AND (snoozed_until IS NULL OR snoozed_until <= %s)
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of one's own items there are of each sort."""

    open: int = 0
    unread: int = 0
    todo: int = 0
    message: int = 0
    late: int = 0
    snoozed: int = 0


def awake() -> Q:
    """Not put off, or its day has come."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=clock.today())


def is_open() -> Q:
    """To be handled now: to-dos not done and not put off, messages not read."""
    return Q(done_at__isnull=True) & awake() & (Q(kind=Kind.TODO) | Q(read_at__isnull=True))


def is_unread() -> Q:
    """Not looked at yet: what the badge counts."""
    return Q(read_at__isnull=True, done_at__isnull=True) & awake()


def is_snoozed() -> Q:
    """Put off to a later day."""
    return Q(done_at__isnull=True, snoozed_until__gt=clock.today())


def is_handled() -> Q:
    """Done, or read as a message, or taken back by its sender."""
    return Q(done_at__isnull=False) | Q(kind=Kind.MESSAGE, read_at__isnull=False)


def own_items(actor: Actor) -> QuerySet[Item]:
    """Everything in the actor's inbox: what must be read first, then the worst, the most urgent, the newest."""
    if actor.user_id is None:
        return Item.objects.none()
    pressing = Case(
        When(Q(must_read=True, read_at__isnull=True, done_at__isnull=True), then=int(Severity.LATE)),
        default=F("severity"),
        output_field=IntegerField(),
    )
    rows = Item.objects.filter(user=actor.user_id).annotate(pressing=pressing)
    return rows.order_by("-pressing", F("due_on").asc(nulls_last=True), "-created_at", "pk")


def own_item(actor: Actor, item_id: UUID) -> Item:
    """One of one's own items. Raises NotInScope."""
    row = own_items(actor).filter(pk=item_id).select_related("broadcast").first()
    if row is None:
        raise NotInScope()
    return row


def counts(actor: Actor) -> Counts:
    """One query over the actor's open items."""
    if actor.user_id is None:
        return Counts()
    rows = Item.objects.filter(user=actor.user_id, done_at__isnull=True)
    found = rows.aggregate(
        open=Count("pk", filter=is_open()),
        unread=Count("pk", filter=is_unread()),
        todo=Count("pk", filter=is_open() & Q(kind=Kind.TODO)),
        message=Count("pk", filter=is_open() & Q(kind=Kind.MESSAGE)),
        late=Count("pk", filter=is_open() & Q(severity=Severity.LATE)),
        snoozed=Count("pk", filter=is_snoozed()),
    )
    return Counts(**found)


def unread_count(user_id: UUID | None) -> int:
    """What the badge shows: ``is_unread``, as text, for every page asks. One query on an index that holds unread rows
    alone."""
    if user_id is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [user_id.hex, clock.today().isoformat()])
        return int(cursor.fetchone()[0])


def pressing_items(actor: Actor, *, most: int = 50) -> list[Item]:
    """For the home page: open to-dos, and messages that must be read; the worst first. One query."""
    wanted = Q(kind=Kind.TODO) | Q(must_read=True, read_at__isnull=True)
    return list(own_items(actor).filter(wanted, is_open())[:most])
