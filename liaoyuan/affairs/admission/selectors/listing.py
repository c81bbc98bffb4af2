"""The list of cases, open and ended."""

from django.db.models import F, QuerySet

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.affairs.admission.selectors.cases import cases
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit, UnitKind


def case_list(actor: Actor) -> QuerySet[Case]:
    """Cases in sight with person and branch: those with the nearest day first, the ended ones last, latest first."""
    return cases(actor).order_by("closed_as", F("due_on").asc(nulls_last=True), F("closed_on").desc(nulls_last=True))


def units_to_filter(actor: Actor) -> QuerySet[Unit]:
    """Units in reach; groups keep no cases."""
    rows = Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on__isnull=True)
    return rows.exclude(kind=UnitKind.GROUP).order_by("path")
