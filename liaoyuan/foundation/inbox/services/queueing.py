"""Deciding what goes out over which channel and when: one row a delivery, each at most once by its key."""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, TimeField, Value
from django.db.models.functions import Coalesce

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.inbox import adapters
from liaoyuan.foundation.inbox.models import ChannelPreference, Delivery, Item, Kind, Purpose
from liaoyuan.foundation.inbox.rules import Mode, Severity, pieces, quiet_end, quiet_span
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor

DELIVER = "inbox.deliver"
_AT_ONCE = 500


def mode_of(preference: ChannelPreference | None, channel: str) -> str:
    """What the person wants of ``channel``; everything where nothing is set."""
    return str((preference.modes if preference else {}).get(channel, Mode.URGENT))


def quiet_hours(quiet: str = "") -> tuple[time, time]:
    """The quiet hours that an item keeps: its own, or the instance's; equal ends where there are none."""
    options = settings.LIAOYUAN
    return quiet_span(quiet) or (options.quiet_from, options.quiet_until)


def earliest(moment: datetime, quiet: str = "") -> datetime:
    """``moment``, or the end of the quiet hours it lies in: those of an item, or the instance's."""
    return quiet_end(clock.local(moment), *quiet_hours(quiet)) or moment


def deliveries_queue(items: Sequence[Item], purpose: Purpose) -> int:
    """Queue what of ``items`` is pressing (late, or to be read) for everybody who wants it at once. Inside a unit of
    work. Returns how many deliveries are new."""
    channels = adapters.active()
    pressing = [item for item in items if item.must_read or item.severity == Severity.LATE]
    if not channels or not pressing:
        return 0
    preferences = preferences_of({item.user_id for item in pressing})
    moment, rows = clock.now(), []
    for item in pressing:
        wishes = preferences.get(item.user_id)
        part = item.chases if purpose == Purpose.CHASE else item.severity
        rows += [
            Delivery(
                user_id=item.user_id,
                item=item,
                channel=name,
                purpose=purpose,
                key=f"{purpose.value}:{item.pk}:{part}:{name}",
                next_try_at=earliest(moment, item.quiet),
            )
            for name, channel in channels.items()
            if mode_of(wishes, name) == Mode.URGENT and channel.usable(wishes)
        ]
    return _write(rows)


def digests_queue(*, actor: Actor) -> int:
    """Queue today's digest for everybody whose time of day has come and who has something open. Once a day each, also
    after an outage and with two doing it at once; yesterday's is never made up for. What comes due in quiet hours goes
    out when they are over, be it the next morning. Returns how many are new."""
    channels = adapters.active()
    if not channels:
        return 0
    moment, today = clock.now(), clock.today()
    mine = Item.objects.filter(user=OuterRef("pk"))
    telling = mine.filter(to_tell()).exclude(snoozed_until__gt=today)
    told = Delivery.objects.filter(user=OuterRef("pk"), on=today)
    due = Coalesce("channel_preference__digest_at", Value(settings.LIAOYUAN.digest_at), output_field=TimeField())
    users = (
        User.objects.annotate(due=due)
        .filter(Exists(telling), ~Exists(told), is_active=True, due__lte=clock.local(moment).time())
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    at, count = earliest(moment), 0
    for piece in pieces(list(users), _AT_ONCE):
        preferences = preferences_of(piece)
        rows = []
        for user_id in piece:
            wishes = preferences.get(user_id)
            rows += [
                Delivery(
                    user_id=user_id,
                    channel=name,
                    purpose=Purpose.DIGEST,
                    on=today,
                    key=f"digest:{user_id}:{today}:{name}",
                    next_try_at=at,
                )
                for name, channel in channels.items()
                if mode_of(wishes, name) != Mode.OFF and channel.usable(wishes)
            ]
        with unit_of_work():
            count += _write(rows)
    return count


def to_tell() -> Q:
    """What a digest tells of: to-dos that are open, messages that are unread."""
    return Q(done_at__isnull=True) & (Q(kind=Kind.TODO) | Q(read_at__isnull=True))


def preferences_of(user_ids: set[UUID] | Sequence[UUID]) -> dict[UUID, ChannelPreference]:
    """The wishes of ``user_ids``, as far as they have set any."""
    found: dict[UUID, ChannelPreference] = {}
    for piece in pieces(user_ids, _AT_ONCE):
        found.update({row.pk: row for row in ChannelPreference.objects.filter(pk__in=piece)})
    return found


def _write(rows: list[Delivery]) -> int:
    """Those of ``rows`` that nobody had queued before; the worker is woken for them."""
    count = 0
    for piece in pieces(rows, _AT_ONCE):
        Delivery.objects.bulk_create(piece, ignore_conflicts=True)
        count += Delivery.objects.filter(pk__in=[row.pk for row in piece]).count()
    if count and min(row.next_try_at for row in rows) <= clock.now():
        enqueue(DELIVER)
    return count
