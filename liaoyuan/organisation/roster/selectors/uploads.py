"""Uploads of rosters: the history, and one of them."""

from uuid import UUID

from liaoyuan.kernel.scoping import Actor, ScopedQuerySet, fetch
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.models import RosterUpload
from liaoyuan.organisation.roster.policies import Capability
from liaoyuan.organisation.roster.selectors.rows import under
from liaoyuan.organisation.units.models import Unit, UnitKind


def uploads_of(actor: Actor) -> ScopedQuerySet:
    """Uploads in the actor's reach, newest first, without the long lists they hold."""
    rows: ScopedQuerySet = RosterUpload.objects.visible_to(actor, Capability.IMPORT)
    return rows.select_related("file", "unit").defer("problems", "changes").order_by("-created_at")


def upload_of(actor: Actor, key: UUID) -> RosterUpload:
    """One upload. NotInScope where it is unknown or out of reach."""
    rows = RosterUpload.objects.visible_to(actor, Capability.IMPORT).select_related("file", "marked", "unit")
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
