"""Who may do what with units and grants. The level above decides over a unit's existence; the unit over its data."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Grant, GrantSource, Unit


class Capability(StrEnum):
    """What the units app lets people do."""

    VIEW = "units.view"
    MANAGE = "units.manage"
    GRANT = "units.grant"
    DELEGATE = "units.delegate"
    VIEW_ACCESS = "units.view_access"


# A delegated grant never carries these: what was delegated is not passed on.
NOT_DELEGABLE = frozenset({Capability.GRANT, Capability.DELEGATE})


def can_create_under(actor: Actor, parent: Unit | None) -> Decision:
    """Whoever manages the parent founds units under it; only the platform itself founds a root."""
    if parent is None:
        return actor.may(Capability.MANAGE, "", reason=_("最上级组织只能由系统初始化或导入花名册时建立。"))
    reason = _("您没有管理“%(unit)s”的权限，不能在它下面建立组织。请联系上级组织干事。") % {"unit": parent.name}
    return actor.may(Capability.MANAGE, parent.path, reason=reason)


def can_update(actor: Actor, unit: Unit) -> Decision:
    """Whoever manages the unit keeps its data."""
    reason = _("您没有管理“%(unit)s”的权限，不能修改。请联系上级组织干事。") % {"unit": unit.name}
    return actor.may(Capability.MANAGE, unit.path, reason=reason)


def can_restructure(actor: Actor, unit: Unit) -> Decision:
    """Moving, splitting, merging, dissolving and giving the approving power are the level above's (BR-06, DM-32);
    above a root there is nobody, so its own managers decide."""
    path = unit.parent.path if unit.parent is not None else unit.path
    reason = _("“%(unit)s”的设立、调整和撤销由上级党组织决定，您没有管理其上级组织的权限。") % {"unit": unit.name}
    decision = actor.may(Capability.MANAGE, path, reason=reason)
    return decision if decision else Denied(reason, clause=_("《中国共产党支部工作条例（试行）》第7条"))


def can_move(actor: Actor, unit: Unit, to_parent: Unit) -> Decision:
    """Both the level that gives away and the level that receives must be the actor's to manage."""
    if unit.parent is None:
        return Denied(_("最上级组织不能移动。"))
    decision = can_restructure(actor, unit)
    return can_create_under(actor, to_parent) if decision else decision


def can_manage_sites(actor: Actor) -> Decision:
    """Sites are shared by all units: whoever manages any unit keeps them."""
    if actor.holds(Capability.MANAGE):
        return Allowed()
    return Denied(_("您没有管理组织的权限，不能维护点位。请联系组织干事。"))


def can_grant(actor: Actor, unit: Unit) -> Decision:
    """Appointing somebody to a role over the unit."""
    reason = _("您没有在“%(unit)s”授权的权限。请联系上级组织干事。") % {"unit": unit.name}
    return actor.may(Capability.GRANT, unit.path, reason=reason)


def can_delegate(actor: Actor, unit: Unit) -> Decision:
    """Letting somebody act in one's own place for a time."""
    reason = _("您在“%(unit)s”没有可以委托的职权；受委托得来的权限不能再委托。") % {"unit": unit.name}
    return actor.may(Capability.DELEGATE, unit.path, reason=reason)


def can_end_grant(actor: Actor, grant: Grant) -> Decision:
    """The giver of a delegation or whoever may grant there. A grant of a post ends with the post."""
    if grant.source == GrantSource.TENURE:
        return Denied(_("这项权限随任职而来，不能单独收回。请在任职中办理免职，权限随之终止。"))
    if grant.source == GrantSource.DELEGATION and actor.user_id is not None and grant.given_by_id == actor.user_id:
        return Allowed()
    return can_grant(actor, grant.unit)


def can_see_access(actor: Actor, unit: Unit) -> Decision:
    """Seeing who may act in a unit, and why."""
    reason = _("您没有查看“%(unit)s”授权情况的权限。") % {"unit": unit.name}
    return actor.may(Capability.VIEW_ACCESS, unit.path, reason=reason)
