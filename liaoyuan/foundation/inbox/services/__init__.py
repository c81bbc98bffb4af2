"""The verbs of the inbox. Other apps import them from here."""

from liaoyuan.foundation.inbox.services.broadcasts import broadcast_chase, broadcast_send, broadcast_withdraw
from liaoyuan.foundation.inbox.services.care import deliveries_retry_all, delivery_retry, inbox_clean
from liaoyuan.foundation.inbox.services.chasing import chase_due
from liaoyuan.foundation.inbox.services.items import NewItem, items_close, items_put, items_reopen
from liaoyuan.foundation.inbox.services.own import item_done, item_read, item_snooze, items_read_all
from liaoyuan.foundation.inbox.services.preferences import channels_set
from liaoyuan.foundation.inbox.services.queueing import digests_queue, quiet_hours
from liaoyuan.foundation.inbox.services.sending import deliver_due

__all__ = [
    "NewItem",
    "broadcast_chase",
    "broadcast_send",
    "broadcast_withdraw",
    "channels_set",
    "chase_due",
    "deliver_due",
    "deliveries_retry_all",
    "delivery_retry",
    "digests_queue",
    "inbox_clean",
    "item_done",
    "item_read",
    "item_snooze",
    "items_close",
    "items_put",
    "items_read_all",
    "items_reopen",
    "quiet_hours",
]
