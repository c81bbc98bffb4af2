"""Uploads of rosters: the history, and one of them."""

from uuid import UUID

from django.db.models import Exists, OuterRef

from liaoyuan.kernel.scoping import Actor, ScopedQuerySet, fetch
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.models import RosterUpload, UploadReach
from liaoyuan.organisation.roster.policies import Capability
from liaoyuan.organisation.roster.selectors.rows import under
from liaoyuan.organisation.units.models import Unit, UnitKind


def uploads_of(actor: Actor) -> ScopedQuerySet:
    """Uploads of which the actor reaches all that their clerks reached, newest first, without the long lists they
    hold: a preview may tell of everybody its clerk could change."""
    rows = _whole(actor)
    return rows.select_related("file", "unit").defer("problems", "changes").order_by("-created_at")


def upload_of(actor: Actor, key: UUID) -> RosterUpload:
    """One upload. NotInScope where it is unknown or not wholly in reach."""
    rows = _whole(actor).select_related("file", "marked", "unit")
    found: RosterUpload = fetch(rows, actor, see=Capability.IMPORT, pk=key)
    return found


def units_to_export(actor: Actor) -> ScopedQuerySet:
    """Units whose roster the actor may take out, in the order of the tree; Party groups are not offered alone."""
    rows: ScopedQuerySet = Unit.objects.visible_to(actor, Capability.EXPORT)
    return rows.exclude(kind=UnitKind.GROUP).filter(dissolved_on__isnull=True).order_by("path")


def people_to_export(actor: Actor, unit: Unit | None) -> int:
    """How many people an export would hold."""
    paths = (unit.path,) if unit is not None else actor.reach(Capability.EXPORT)
    people = Person.objects.unscoped("only counted, in the actor's own reach").filter(active=True)
    return people.filter(under("home_path", paths)).count()


def _whole(actor: Actor) -> ScopedQuerySet:
    rows: ScopedQuerySet = RosterUpload.objects.visible_to(actor, Capability.IMPORT)
    reach = actor.reach(Capability.IMPORT)
    if "" in reach:
        return rows
    beyond = UploadReach.objects.filter(upload=OuterRef("pk")).exclude(under("path", reach))
    return rows.filter(~Exists(beyond))
