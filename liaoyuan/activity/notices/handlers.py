"""What notices does when the tree changes."""

from liaoyuan.activity.notices.models import PostingPlace, PublicPosting
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rewrite


def follow_units(event: UnitPathsChanged) -> None:
    """Postings and their places follow their units."""
    paths_rewrite(PublicPosting, "path", event.moves)
    paths_rewrite(PostingPlace, "path", event.moves)


def derive_again(event: UnitPathsRebuilt) -> None:
    """Paths were rebuilt: take them from the units again."""
    paths = dict(Unit.objects.unscoped("paths are copied whole").values_list("pk", "path"))
    postings = list(PublicPosting.objects.unscoped("paths are copied whole").only("pk", "unit_id", "path"))
    places = list(PostingPlace.objects.only("pk", "unit_id", "path"))
    for row in (*postings, *places):
        row.path = paths.get(row.unit_id, row.path)
    PublicPosting.objects.unscoped("paths are copied whole").bulk_update(postings, ["path"], batch_size=500)
    PostingPlace.objects.bulk_update(places, ["path"], batch_size=500)
