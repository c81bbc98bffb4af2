"""Who may do what with people. The branch's secretary keeps the branch's people; the file is not for everybody."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


class Capability(StrEnum):
    """What the members app lets people do."""

    VIEW = "members.view"
    VIEW_FILE = "members.view_file"
    REVEAL = "members.reveal"
    MANAGE = "members.manage"
    EXPORT = "members.export"


# What everybody may do over the own branch and the one attached to: the role `member` of units/data/roles.toml.
MEMBER_ROLE = "member"


def can_list(actor: Actor) -> Decision:
    """The list and the search are for whoever may see anybody."""
    if actor.holds(Capability.VIEW):
        return Allowed()
    return Denied(_("您没有查看人员名单的权限。三员和未关联人员的账号看不到人员。"))


def can_view_file(actor: Actor, person: Person) -> Decision:
    """Oneself always; others for whoever keeps or inspects their branch, at home or attached."""
    if actor.person_id == person.pk or _covers(actor, Capability.VIEW_FILE, person):
        return Allowed()
    return Denied(_("您可以看到本支部人员的名片，但没有查看档案的权限。需要时请联系支部书记。"))


def can_reveal(actor: Actor, person: Person) -> Decision:
    """The whole ID number and phone: oneself, or with the capability over the branch; always with a written reason."""
    if actor.person_id == person.pk or _covers(actor, Capability.REVEAL, person):
        return Allowed()
    return Denied(_("您没有查看身份证号和电话全文的权限。"))


def can_manage(actor: Actor, person: Person) -> Decision:
    """Keeping a file is the home branch's: whom one is attached to does not change it. Nobody keeps his own standing or
    posts, but that is decided by ``can_decide``."""
    reason = _("您没有维护该人员档案的权限。请联系其所在党支部书记或组织干事。")
    return actor.may(Capability.MANAGE, person.home_path, reason=reason)


def can_decide(actor: Actor, person: Person) -> Decision:
    """Standing, belonging, posts and leaving: as ``can_manage``, but never about oneself."""
    if actor.person_id is not None and actor.person_id == person.pk:
        return Denied(_("不能为自己办理政治面貌、组织关系和任职，请由上级组织干事办理。"))
    return can_manage(actor, person)


def can_place_in(actor: Actor, unit: Unit) -> Decision:
    """Taking somebody into a branch needs the power over that branch too."""
    reason = _("您没有管理“%(unit)s”人员的权限，不能转入。请由两个支部共同的上级组织干事办理。") % {"unit": unit.name}
    return actor.may(Capability.MANAGE, unit.path, reason=reason)


def can_hand_out_codes(actor: Actor, unit: Unit) -> Decision:
    """The slips with initial codes of a branch's people."""
    reason = _("您没有发放“%(unit)s”人员初始口令的权限。") % {"unit": unit.name}
    return actor.may("accounts.initial_codes", unit.path, reason=reason)


def _covers(actor: Actor, capability: str, person: Person) -> bool:
    if actor.covers(capability, person.home_path):
        return True
    return person.attached_path is not None and actor.covers(capability, person.attached_path)
