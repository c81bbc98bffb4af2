"""One's own channels."""

from dataclasses import dataclass
from datetime import time

from liaoyuan.foundation.inbox import adapters
from liaoyuan.foundation.inbox.models import ChannelPreference
from liaoyuan.foundation.inbox.rules import Mode
from liaoyuan.kernel.scoping import Actor


@dataclass(frozen=True, slots=True)
class Channels:
    """One's own address and wishes, every channel of the instance named."""

    email: str
    digest_at: time | None
    modes: dict[str, str]


def own_channels(actor: Actor) -> Channels:
    """What holds for the actor now, where he has set nothing too."""
    row = ChannelPreference.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    set_modes = row.modes if row else {}
    modes = {name: str(set_modes.get(name, Mode.URGENT)) for name in adapters.active()}
    return Channels(row.email if row else "", row.digest_at if row else None, modes)
