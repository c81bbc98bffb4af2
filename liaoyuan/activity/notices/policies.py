"""Who may see and put up postings. Objections are nobody's but the sender's and the named receiver's."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """Capabilities of this app."""

    VIEW = "notices.view"
    POST = "notices.post"


def can_post(actor: Actor, path: str) -> Decision:
    """Putting up, taking down, and seeing the proof."""
    return actor.may(Capability.POST, path, reason=_("公示由党支部书记或上级组织干事张贴和撤下。"))


def can_receive(actor: Actor, posting: PublicPosting) -> Decision:
    """Reading and answering objections, and saying what came of them: the named receiver alone."""
    if actor.person_id is not None and actor.person_id == posting.receiver_id:
        return Allowed()
    return Denied(_("异议只有受理人%(name)s能看到和答复。") % {"name": posting.receiver.name})
