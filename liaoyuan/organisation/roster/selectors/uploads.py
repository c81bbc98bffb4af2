"""Uploads of rosters: the history, and one of them."""

from uuid import UUID

from liaoyuan.kernel.scoping import Actor, ScopedQuerySet, fetch
from liaoyuan.organisation.roster.models import RosterUpload
from liaoyuan.organisation.roster.policies import Capability


def uploads_of(actor: Actor) -> ScopedQuerySet:
    """Uploads in the actor's reach, newest first, without the long lists they hold."""
    rows: ScopedQuerySet = RosterUpload.objects.visible_to(actor, Capability.IMPORT)
    return rows.select_related("file", "unit").defer("problems", "changes").order_by("-created_at")


def upload_of(actor: Actor, key: UUID) -> RosterUpload:
    """One upload. NotInScope where it is unknown or out of reach."""
    rows = RosterUpload.objects.select_related("file", "marked", "unit")
    found: RosterUpload = fetch(rows, actor, see=Capability.IMPORT, pk=key)
    return found
