"""What the nightly proofs found last."""

from dataclasses import dataclass
from datetime import datetime

from liaoyuan.desk.oversight.policies import can_manage_system, can_see_quality
from liaoyuan.foundation.audit.selectors import last_detail
from liaoyuan.kernel.scoping import Actor

PROVE = "oversight.prove"  # the action under which a run of all proofs is recorded


@dataclass(frozen=True, slots=True)
class Proved:
    """One proof's result in the last run."""

    label: str
    ok: bool
    checked: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ProofRun:
    """The last run of all proofs; ``at`` None before the first."""

    at: datetime | None
    results: list[Proved]

    @property
    def ok(self) -> bool:
        """Whether nothing differed."""
        return all(result.ok for result in self.results)


def last_run(actor: Actor) -> ProofRun:
    """The last run of all proofs, for who looks after the data or the system."""
    if not can_manage_system(actor):
        can_see_quality(actor).require()
    found = last_detail(PROVE)
    if found is None:
        return ProofRun(None, [])
    at, detail = found
    return ProofRun(
        at, [Proved(item["label"], item["ok"], item["checked"], item["sentence"]) for item in detail["results"]]
    )
