"""The chain is proved every night, and on request where it is long."""

from liaoyuan.foundation.audit.services import chain_verify
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor

VERIFY = "audit.verify"


@job(VERIFY, cron="40 2 * * *")
def verify(asked_by: str = "", known: dict[str, str] | None = None) -> str:
    """Prove the chain and record the result. ``known`` maps row numbers (as text: JSON) to codes noted earlier.
    Returns the sentence."""
    actor = Actor.system(f"审计链核验，{asked_by}发起" if asked_by else "每夜审计链核验")
    return chain_verify(actor=actor, known={int(seq): code for seq, code in (known or {}).items()}).sentence
