"""Carrying deliveries: claim, send, record.

A delivery is claimed by one conditional UPDATE, so that at most one worker sends it at a time; the claim is a lease
that runs out when its worker dies. Between the other side's "taken" and our record there is no transaction: a worker
killed just there leaves a delivery that is sent once more, with the same id (Message-ID, X-Liaoyuan-Delivery), by which
the receiver drops it. So nothing is ever lost, and nothing is shown twice by a receiver that looks at the id.
"""

import logging
import secrets
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox import adapters
from liaoyuan.foundation.inbox.adapters.base import Envelope, Line
from liaoyuan.foundation.inbox.models import Delivery, DeliveryState, Item, Kind, Purpose
from liaoyuan.foundation.inbox.rules import DIGEST_LINES, Mode, level_of, one_line, plain, wait_after
from liaoyuan.foundation.inbox.services.queueing import DELIVER, earliest, mode_of, preferences_of, to_tell
from liaoyuan.kernel import clock
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor

SECONDS = 45.0  # one run; the next takes up the rest
_LOOK = 50
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What one run did. ``down`` names the channels that did not answer: what waits for them was left alone."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    dropped: int = 0
    down: set[str] = field(default_factory=set)


def deliver_due(*, actor: Actor, seconds: float = SECONDS) -> Outcome:
    """Send what is due, for at most ``seconds``; queue a further run where something is left. Safe to run any number of
    times at once. In quiet hours, an item's own or the instance's, nothing goes out."""
    outcome, channels = Outcome(), adapters.active()
    ends = time.monotonic() + seconds
    with ExitStack() as stack:
        lines: dict[str, Any] = {}
        while channels.keys() - outcome.down:
            moment = clock.now()
            waiting = list(_due(moment, sorted(channels.keys() - outcome.down))[:_LOOK])
            if not waiting:
                break
            for delivery_id, name, quiet in waiting:
                at = earliest(moment, quiet or "")
                if at != moment:  # it was due before they began, or its worker died
                    Delivery.objects.filter(_free(moment), pk=delivery_id).update(
                        state=DeliveryState.QUEUED, lease="", lease_until=None, next_try_at=at
                    )
                    continue
                if name in outcome.down:
                    continue
                if time.monotonic() >= ends:
                    enqueue(DELIVER)
                    return outcome
                if name not in lines:
                    lines[name] = stack.enter_context(channels[name].open())
                _deliver(delivery_id, channels[name], lines[name], outcome)
    return outcome


def _due(moment: datetime, names: list[str]) -> Any:
    """What is to go out, the instance's quiet hours taken into account: in them only what keeps hours of its own."""
    rows = Delivery.objects.filter(_free(moment), channel__in=names)
    if earliest(moment) != moment:
        rows = rows.exclude(item__isnull=True).exclude(item__quiet="")
    return rows.order_by("next_try_at", "pk").values_list("pk", "channel", "item__quiet")


def _free(moment: datetime) -> Q:
    """Due, or left behind by a dead worker."""
    waiting = Q(state__in=[DeliveryState.QUEUED, DeliveryState.FAILED], next_try_at__lte=moment)
    return waiting | Q(state=DeliveryState.SENDING, lease_until__lte=moment)


def _claim(delivery_id: UUID) -> Delivery | None:
    """The delivery, ours for the length of the lease; None where somebody else has it or it is not due any more."""
    moment, token = clock.now(), secrets.token_hex(16)
    taken = Delivery.objects.filter(_free(moment), pk=delivery_id).update(
        state=DeliveryState.SENDING,
        lease=token,
        lease_until=moment + timedelta(seconds=settings.LIAOYUAN.delivery_lease_seconds),
        attempts=F("attempts") + 1,
    )
    if not taken:
        return None
    return Delivery.objects.select_related("user", "item").filter(pk=delivery_id, lease=token).first()


def _deliver(delivery_id: UUID, channel: adapters.Channel, connection: Any, outcome: Outcome) -> None:
    delivery = _claim(delivery_id)
    if delivery is None:
        return
    limit = settings.LIAOYUAN.delivery_attempts
    if delivery.attempts > limit:  # its workers died over it, one after the other
        _record(delivery, DeliveryState.DEAD, error=_("发送它的工作进程多次中断。"))
        outcome.dead += 1
        return
    envelope = _envelope(delivery, channel)
    if envelope is None:
        _record(delivery, DeliveryState.DROPPED)
        outcome.dropped += 1
        return
    try:
        channel.send(connection, envelope)
    except adapters.Failed as error:
        if isinstance(error, adapters.Unreachable):
            outcome.down.add(channel.name)
        final = isinstance(error, adapters.Refused) or delivery.attempts >= limit
        _fail(delivery, str(error), final, outcome)
    except Exception as error:  # whatever a channel does wrong must not stop the others, nor lose this one
        _log.exception("渠道 %s 发送 %s 出错", channel.name, delivery.pk)
        _fail(delivery, type(error).__name__, delivery.attempts >= limit, outcome)
    else:
        _record(delivery, DeliveryState.SENT)
        outcome.sent += 1


def _fail(delivery: Delivery, why: str, final: bool, outcome: Outcome) -> None:
    if final:
        _record(delivery, DeliveryState.DEAD, error=why)
        outcome.dead += 1
    else:
        _record(delivery, DeliveryState.FAILED, error=why)
        outcome.failed += 1


def _record(delivery: Delivery, state: DeliveryState, *, error: str = "") -> None:
    """Write what became of it, as long as it is still ours: a worker that was so slow that its lease ran out must not
    write over what another has done since."""
    moment = clock.now()
    values: dict[str, Any] = {"state": state, "lease": "", "lease_until": None, "last_error": plain(error, 300)}
    if state == DeliveryState.SENT:
        values["sent_at"] = moment
    if state == DeliveryState.FAILED:
        quiet = delivery.item.quiet if delivery.item is not None else ""
        values["next_try_at"] = earliest(moment + wait_after(delivery.attempts), quiet)
    mine = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=DeliveryState.SENDING)
    if not mine.update(**values):
        _log.warning("投递 %s 的发送租约已过期，结果由接手的进程记录", delivery.pk)


def _envelope(delivery: Delivery, channel: adapters.Channel) -> Envelope | None:
    """What is to be said, as it stands now; None where saying it has become pointless or unwanted."""
    user = delivery.user
    wishes = preferences_of([user.pk])
    mode, wanted = mode_of(wishes.get(user.pk), channel.name), {Mode.URGENT, Mode.DIGEST}
    if delivery.purpose != Purpose.DIGEST:
        wanted = {Mode.URGENT}
    if not user.is_active or mode not in wanted or not channel.usable(wishes.get(user.pk)):
        return None
    items, more = _items(delivery)
    if not items:
        return None
    return Envelope(
        id=delivery.pk,
        address=channel.addresses([user.pk], wishes).get(user.pk, ""),
        account=user.username,
        name=user.display_name,
        purpose=delivery.purpose,
        subject=_subject(delivery, items, len(items) + more),
        lines=tuple(Line(one_line(item.title), item.url, level_of(item.severity), item.due_on) for item in items),
        more=more,
        created_at=delivery.created_at,
    )


def _items(delivery: Delivery) -> tuple[list[Item], int]:
    """The items to tell of, the worst first, and how many more there are."""
    if delivery.purpose != Purpose.DIGEST:
        item = delivery.item
        stale = item is None or item.done_at is not None or item.read_at is not None
        return ([], 0) if stale or item is None else ([item], 0)
    today = clock.today()
    # One written in the evening's quiet hours goes out the morning after: that is its day.
    if clock.local(earliest(delivery.created_at)).date() != today:
        return [], 0
    open_rows = Item.objects.filter(to_tell(), user=delivery.user_id).exclude(snoozed_until__gt=today)
    found = list(open_rows.order_by("-severity", F("due_on").asc(nulls_last=True), "created_at")[:DIGEST_LINES])
    return found, max(0, open_rows.count() - len(found))


def _subject(delivery: Delivery, items: list[Item], total: int) -> str:
    if delivery.purpose == Purpose.DIGEST:
        return _("%(count)d 项待办和消息") % {"count": total}
    if delivery.purpose == Purpose.CHASE:
        return _("请阅读：%(title)s") % {"title": one_line(items[0].title)}
    words = _("请阅读：%(title)s") if items[0].kind == Kind.MESSAGE and items[0].must_read else "%(title)s"
    return words % {"title": one_line(items[0].title)}
