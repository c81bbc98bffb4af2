"""Who may see and put up postings. Objections are nobody's but the sender's and the named receiver's."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.kernel import paths
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """Capabilities of this app."""

    VIEW = "notices.view"
    POST = "notices.post"


def can_post(actor: Actor, path: str) -> Decision:
    """Putting up, taking down, and seeing the proof."""
    return actor.may(Capability.POST, path, reason=_("公示由党支部书记或上级组织干事张贴和撤下。"))


def can_name_receiver(actor: Actor, posting: PublicPosting) -> Decision:
    """Naming another receiver, to whom the sealed threads pass: whoever may post at the unit above. Those who put the
    posting up never decide who reads what is said against it; nor does the person it is about."""
    if actor.person_id is not None and actor.person_id == posting.person_id:
        return Denied(_("公示对象本人不能更换受理人。"))
    above = paths.ancestors(posting.path)
    path = above[-1] if above else posting.path
    return actor.may(Capability.POST, path, reason=_("受理人由上一级党组织更换：张贴公示的党组织不能决定由谁看异议。"))


def can_receive(actor: Actor, posting: PublicPosting) -> Decision:
    """Reading and answering objections, and saying what came of them: the named receiver alone."""
    if actor.person_id is not None and actor.person_id == posting.receiver_id:
        return Allowed()
    return Denied(_("异议只有受理人%(name)s能看到和答复。") % {"name": posting.receiver.name})
