"""People whom a case's forms offer."""

from uuid import UUID

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.kernel import paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.members.policies import Capability as MembersCapability
from liaoyuan.organisation.units.models import Unit, UnitKind

MOST = 300


def branch_members(actor: Actor, case: Case) -> list[Person]:
    """Full members of the case's branch, as far as the actor may see them, without the person himself."""
    rows = Person.objects.visible_to(actor, MembersCapability.VIEW).filter(
        home_path__gte=case.path, home_path__lt=paths.upper(case.path), active=True, standing=StandingKind.FULL
    )
    return list(rows.exclude(pk=case.person_id).order_by("rank_order", "pinyin")[:MOST])


def with_account(people: list[Person]) -> list[Person]:
    """Those who can receive objections: they have an account."""
    return [one for one in people if one.user_id is not None]


def groups_of(case: Case) -> list[Unit]:
    """The groups of the case's branch."""
    rows = Unit.objects.unscoped("groups of a branch whose case was authorised").filter(
        parent=case.unit_id, kind=UnitKind.GROUP, dissolved_on__isnull=True
    )
    return list(rows.order_by("path"))


def may_apply(actor: Actor, text: str) -> list[Person]:
    """People outside the Party who are found by name or number, in branches where the actor keeps cases."""
    words = text.strip()
    if not words:
        return []
    rows = Person.objects.visible_to(actor, Capability.MANAGE).filter(active=True, unit__isnull=False)
    rows = rows.filter(standing__in=[StandingKind.MASSES, StandingKind.LEAGUE_MEMBER, StandingKind.ENDED])
    found = (
        rows.filter(name__startswith=words) | rows.filter(number__iexact=words) | rows.filter(initials=words.lower())
    )
    return list(found.select_related("unit").order_by("pinyin")[:30])


def applicant(actor: Actor, person_id: UUID) -> Person:
    """Somebody for whom the actor may open a case. NotInScope."""
    row = Person.objects.visible_to(actor, Capability.MANAGE).filter(pk=person_id).select_related("unit").first()
    if row is None:
        raise NotInScope()
    return row
