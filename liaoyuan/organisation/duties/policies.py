"""Who may see what is due, and act on it."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.policies import Capability as RegulationsCapability
from liaoyuan.kernel import paths
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.rules.places import OVER, place
from liaoyuan.organisation.members.policies import Capability as MembersCapability
from liaoyuan.organisation.units.models import Unit


class Capability(StrEnum):
    """Capabilities of this app. Everybody sees what is due about himself."""

    VIEW = "duties.view"
    ACT = "duties.act"


def can_act(actor: Actor, duty: Duty) -> Decision:
    """Whether the actor may record, snooze or hand over: whoever answers for the unit that owes it (what a committee
    above owes is not its branch's to answer), or to whom it was handed. One query for what the approving committee
    owes."""
    if actor.person_id is not None and actor.person_id == duty.handed_to_id:
        return Allowed()
    at = _at(duty)
    if at in OVER:
        why = _("这件事由上级党组织负责，请由其书记或组织干事办理。")
        return actor.may(Capability.ACT, place(at, duty.path, _approving(duty.path)), reason=why)
    return actor.may(Capability.ACT, duty.path, reason=_("只有责任党组织的书记、委员或上级组织干事可以办理这件事。"))


def can_write(actor: Actor, duty: Duty, kind: str) -> Decision:
    """Whether the actor, who may act on the duty, may write down this kind of fact for it: what a unit above decides is
    for whoever acts there."""
    if _at(duty) in OVER or not kinds.above(kind):
        return Allowed()
    why = _("“%(label)s”由上级党组织登记。") % {"label": kinds.kind(kind).label}
    return actor.may(Capability.ACT, paths.parent(duty.path), reason=why)


def _at(duty: Duty) -> str:
    """Where the rule's duties are answered for; with the unit itself where the product no longer has the rule."""
    try:
        return registry.rule(duty.rule).at
    except KeyError:
        return "here"


def _approving(path: str) -> frozenset[str]:
    rows = Unit.objects.unscoped("who answers for what is due is no secret")
    found = rows.filter(path__in=paths.ancestors(path), can_approve_members=True)
    return frozenset(found.values_list("path", flat=True))


def can_see_board(actor: Actor) -> Decision:
    """Whether the actor sees the board, the statistics and the dry run anywhere."""
    if actor.holds(Capability.VIEW):
        return Allowed()
    return Denied("看板由党小组长以上人员和机关干事查看；与您有关的提醒见“到点提醒”。")


def can_see_list(actor: Actor) -> Decision:
    """Whether there is a list for the actor at all: his reach, or himself."""
    if actor.person_id is not None or actor.holds(Capability.VIEW):
        return Allowed()
    return Denied("您的账号没有对应的人员，也没有查看到点提醒的权限。")


def can_export(actor: Actor) -> Decision:
    """Whether the list may leave as a file: everything shown lies where the actor may export people."""
    reach = actor.reach(Capability.VIEW)
    if reach and all(actor.covers(MembersCapability.EXPORT, path) for path in reach):
        return Allowed()
    return Denied("导出由支部书记和上级组织干事办理。")


def can_set_parameters(actor: Actor) -> Decision:
    """Whether the actor may set parameters for some unit."""
    if actor.holds(RegulationsCapability.OVERRIDE):
        return Allowed()
    return Denied("期限等参数由组织干事按本级党委的决定调整。")
