"""Who may read the chronicle and correct it."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel import paths
from liaoyuan.kernel.results import Decision
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.kinds import FactKind


class Capability(StrEnum):
    """Capabilities of this app. Everybody reads the facts about himself."""

    VIEW = "chronicle.view"
    RECORD = "chronicle.record"
    CORRECT = "chronicle.correct"


def can_record(actor: Actor, path: str, kind: str = "") -> Decision:
    """Whether the actor may write down by hand what happened in the unit with ``path``; of a ``kind`` that the unit
    above decides, whoever may do so there."""
    return _may(actor, Capability.RECORD, path, kind, _("只有本支部书记或上级组织干事可以补记纪实。"))


def can_correct(actor: Actor, path: str, kind: str = "") -> Decision:
    """Whether the actor may correct what was recorded for the unit with ``path``; ``kind`` as in ``can_record``."""
    return _may(actor, Capability.CORRECT, path, kind, _("只有本支部书记或上级组织干事可以更正纪实。"))


def _may(actor: Actor, capability: Capability, path: str, kind: str, why: str) -> Decision:
    if not kinds.above(kind):
        return actor.may(capability, path, reason=why)
    why = _("“%(label)s”由上级党组织登记、更正。") % {"label": kinds.kind(kind).label}
    return actor.may(capability, paths.parent(path), reason=why)


def can_see(actor: Actor, declared: FactKind, path: str) -> Decision:
    """Whether the actor may read, and so write, facts of this kind at the unit with ``path``."""
    return actor.may(declared.see, path, reason="这类事项只有能看人员档案的人可以记录和更正。")
