"""Where people are."""

from liaoyuan.organisation.whereabouts.models.checkin import CheckIn
from liaoyuan.organisation.whereabouts.models.posting import Posting, PostingChange, Purpose
from liaoyuan.organisation.whereabouts.models.presence import Presence, PresenceKind, PresenceTick

__all__ = ["CheckIn", "Posting", "PostingChange", "Presence", "PresenceKind", "PresenceTick", "Purpose"]
