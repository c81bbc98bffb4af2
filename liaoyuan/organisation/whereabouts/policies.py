"""Who may see where people are, send them away, and say where he is himself."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person


class Capability(StrEnum):
    """Capabilities of whereabouts, as roles.toml names them."""

    VIEW = "whereabouts.view"
    POST = "whereabouts.post"
    CHECK_IN = "whereabouts.check_in"


def can_post(actor: Actor, person: Person) -> Decision:
    """Registering, changing and ending a posting: whereabouts.post where the person belongs (not where he is attached:
    the home branch answers for where its people are)."""
    return actor.may(Capability.POST, person.home_path, reason=_("只有本人所在支部或上级组织的外出登记人可以办理。"))


def can_confirm(actor: Actor, person: Person) -> Decision:
    """Confirming an arrival: the home side, the branch he is attached to meanwhile, or the person himself."""
    attached = person.attached_path is not None and actor.covers(Capability.POST, person.attached_path)
    if attached or actor.person_id == person.pk or actor.covers(Capability.POST, person.home_path):
        return Allowed()
    return Denied(_("到位由本人、所在支部或挂靠支部确认。"))


def can_check_in(actor: Actor) -> Decision:
    """Saying where one is: everybody with a file of his own, for himself only."""
    if actor.person_id is None:
        return Denied(_("您的账号没有对应的人员档案，不能打卡。"))
    return Allowed() if actor.holds(Capability.CHECK_IN) else Denied(_("您还没有打卡的权限，请联系所在支部。"))
