"""Who may import and export rosters."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.models import RosterUpload


class Capability(StrEnum):
    """What the roster app lets people do."""

    IMPORT = "roster.import"
    EXPORT = "roster.export"


def can_import(actor: Actor) -> Decision:
    """Uploading and deciding: with the capability somewhere; what a file may touch is checked row by row."""
    return Allowed() if actor.holds(Capability.IMPORT) else Denied(_("您没有导入花名册的权限。请联系组织干事。"))


def can_export(actor: Actor) -> Decision:
    """Exporting: with the capability somewhere; the file holds what lies in its reach."""
    return Allowed() if actor.holds(Capability.EXPORT) else Denied(_("您没有导出花名册的权限。请联系党支部书记。"))


def can_decide(actor: Actor, upload: RosterUpload) -> Decision:
    """Confirming or discarding an upload: whoever uploaded it. Its preview was worked out for his reach."""
    decision = can_import(actor)
    if not decision:
        return decision
    if actor.everything or (actor.user_id is not None and upload.by_id == actor.user_id):
        return Allowed()
    return Denied(_("这次导入由%(name)s上传，只能由本人确认或放弃。") % {"name": upload.by_name})
