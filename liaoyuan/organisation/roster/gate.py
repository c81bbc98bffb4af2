"""Who may fetch an uploaded roster and its marked copy."""

from uuid import UUID

from liaoyuan.kernel.results import Decision
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.policies import can_decide
from liaoyuan.organisation.roster.selectors.uploads import upload_of


def decide(actor: Actor, key: str) -> Decision:
    """Whoever uploaded it: it holds ID numbers in clear, perhaps of people out of others' reach."""
    return can_decide(actor, upload_of(actor, UUID(key)))
