"""Where people are."""

from liaoyuan.organisation.whereabouts.models.checkin import CheckIn
from liaoyuan.organisation.whereabouts.models.posting import Posting, Purpose
from liaoyuan.organisation.whereabouts.models.presence import Presence, PresenceKind

__all__ = ["CheckIn", "Posting", "Presence", "PresenceKind", "Purpose"]
