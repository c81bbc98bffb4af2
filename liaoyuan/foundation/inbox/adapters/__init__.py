"""The outside channels behind one interface. In-app needs none: an item is in the inbox the moment it is written."""

from liaoyuan.foundation.inbox.adapters.base import Channel, Envelope, Failed, Refused, Unreachable
from liaoyuan.foundation.inbox.adapters.email import EmailChannel
from liaoyuan.foundation.inbox.adapters.webhook import WebhookChannel

__all__ = ["CHANNELS", "Channel", "Envelope", "Failed", "Refused", "Unreachable", "active"]

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in (EmailChannel(), WebhookChannel())}


def active() -> dict[str, Channel]:
    """The channels this instance is set up for, by name."""
    return {name: channel for name, channel in CHANNELS.items() if channel.active()}
