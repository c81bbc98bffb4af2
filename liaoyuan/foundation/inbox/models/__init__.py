"""Items, what was sent to many, deliveries to outside channels, and what each person wants of those."""

from liaoyuan.foundation.inbox.models.broadcast import Broadcast
from liaoyuan.foundation.inbox.models.delivery import Delivery, DeliveryState, Purpose
from liaoyuan.foundation.inbox.models.item import Item, Kind
from liaoyuan.foundation.inbox.models.preference import ChannelPreference

__all__ = ["Broadcast", "ChannelPreference", "Delivery", "DeliveryState", "Item", "Kind", "Purpose"]
