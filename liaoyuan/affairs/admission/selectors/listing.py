"""The list of cases, open and ended: what it holds, how it is searched."""

from django.db.models import F, Q, QuerySet

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.affairs.admission.selectors.cases import cases
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit, UnitKind


def case_list(actor: Actor) -> QuerySet[Case]:
    """Cases in sight with person and branch: those with the nearest day first, the ended ones last, latest first."""
    return cases(actor).order_by("closed_as", F("due_on").asc(nulls_last=True), F("closed_on").desc(nulls_last=True))


def search(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By the person's name, pinyin, initials or number, or the branch's name or code; every word must match."""
    for word in text.split():
        low = word.lower()
        rows = rows.filter(
            Q(person__name__contains=word)
            | Q(person__pinyin__startswith=low)
            | Q(person__initials__startswith=low)
            | Q(person__number__in=[word, word.upper()])
            | Q(unit__name__contains=word)
            | Q(unit__code__in=[word, word.upper()])
        )
    return rows


def units_to_filter(actor: Actor) -> QuerySet[Unit]:
    """Units in reach; groups keep no cases."""
    rows = Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on__isnull=True)
    return rows.exclude(kind=UnitKind.GROUP).order_by("path")
