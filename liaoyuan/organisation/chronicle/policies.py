"""Who may read the chronicle and correct it."""

from enum import StrEnum

from liaoyuan.kernel.results import Decision
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.kinds import FactKind


class Capability(StrEnum):
    """Capabilities of this app. Everybody reads the facts about himself."""

    VIEW = "chronicle.view"
    RECORD = "chronicle.record"
    CORRECT = "chronicle.correct"


def can_record(actor: Actor, path: str) -> Decision:
    """Whether the actor may write down by hand what happened in the unit with ``path``."""
    return actor.may(Capability.RECORD, path, reason="只有本支部书记或上级组织干事可以补记纪实。")


def can_correct(actor: Actor, path: str) -> Decision:
    """Whether the actor may correct what was recorded for the unit with ``path``."""
    return actor.may(Capability.CORRECT, path, reason="只有本支部书记或上级组织干事可以更正纪实。")


def can_see(actor: Actor, declared: FactKind, path: str) -> Decision:
    """Whether the actor may read, and so write, facts of this kind at the unit with ``path``."""
    return actor.may(declared.see, path, reason="这类事项只有能看人员档案的人可以记录和更正。")
