"""People whom a case's forms offer."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.affairs.admission.selectors.around import above
from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, StandingKind, Tenure
from liaoyuan.organisation.members.policies import Capability as MembersCapability
from liaoyuan.organisation.units.models import Unit, UnitKind

MOST = 300


def branch_members(actor: Actor, case: Case) -> list[Person]:
    """Full members of the case's branch, as far as the actor may see them, without the person himself."""
    rows = Person.objects.visible_to(actor, MembersCapability.VIEW).filter(
        home_path__gte=case.path, home_path__lt=paths.upper(case.path), active=True, standing=StandingKind.FULL
    )
    return list(rows.exclude(pk=case.person_id).order_by("rank_order", "pinyin")[:MOST])


# 党委委员 and 组织员: posts in a committee whose holders talk with a candidate before the approval (DM-34).
TALKERS = (
    "secretary", "deputy_secretary", "organisation_officer", "publicity_officer", "discipline_officer", "youth_officer",
    "committee_member", "discipline_secretary", "organisation_clerk",
)  # fmt: skip


def approver_talkers(actor: Actor, case: Case) -> list[Person]:
    """Who holds such a post in the committee that approves, today, as far as the actor may see them."""
    rows = Person.objects.visible_to(actor, MembersCapability.VIEW).filter(active=True)
    found = rows.filter(pk__in=_holders(case, clock.today())).exclude(pk=case.person_id)
    return list(found.order_by("rank_order", "pinyin")[:MOST])


def may_talk_for_approver(case: Case, person: Person, on: date) -> bool:
    """Whether somebody held such a post on a day. One query more than the committee's."""
    return _holders(case, on).filter(person_id=person.pk).exists()


def _holders(case: Case, on: date) -> QuerySet[Tenure, UUID]:
    approver = above(case.unit).approver
    rows = Tenure.objects.filter(unit=approver, post__code__in=TALKERS, since__lte=on)
    return rows.filter(Q(until__isnull=True) | Q(until__gte=on)).values_list("person_id", flat=True)


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
