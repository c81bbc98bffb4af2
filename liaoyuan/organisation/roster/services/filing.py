"""Under which subtrees an upload is filed: all that its clerk reached, because its preview tells of all of them."""

from django.db.models import OuterRef, Subquery

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.models import RosterUpload, UploadReach
from liaoyuan.organisation.roster.policies import Capability
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rewrite

_WHY = "files uploads, whoever looks later"


def file_under_reach(actor: Actor, upload: RosterUpload) -> list[UploadReach]:
    """Set the upload's unit and path, and return its reaches; the caller saves both."""
    prefixes = actor.reach(Capability.IMPORT)
    units = dict(Unit.objects.unscoped(_WHY).filter(path__in=prefixes).values_list("path", "id"))
    upload.path, upload.unit_id = prefixes[0], units.get(prefixes[0])
    return [UploadReach(upload=upload, unit_id=units.get(prefix), path=prefix) for prefix in prefixes]


def uploads_follow(moves: tuple[tuple[str, str], ...]) -> None:
    """Subtrees have other paths."""
    paths_rewrite(RosterUpload, "path", moves)
    paths_rewrite(UploadReach, "path", moves)


def uploads_refile() -> None:
    """Derive every path anew from the units: two statements."""
    path = Subquery(Unit.objects.unscoped(_WHY).filter(pk=OuterRef("unit_id")).values("path"))
    RosterUpload.objects.unscoped(_WHY).filter(unit__isnull=False).update(path=path)
    UploadReach.objects.filter(unit__isnull=False).update(path=path)
