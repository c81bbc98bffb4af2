"""A day as one duty's page needs it: the units above, who holds posts there, and nothing of the rest of the brigade."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from liaoyuan.kernel import clock, paths
from liaoyuan.organisation.duties.models import Run
from liaoyuan.organisation.duties.selectors.day import Day, Holder, UnitRow
from liaoyuan.organisation.members.models import Tenure
from liaoyuan.organisation.units.models import Unit

_UNIT = (
    "id", "code", "name", "kind", "path", "can_approve_members", "founded_on", "planned_end_on", "dissolved_on",
)  # fmt: skip
_HOLDER = ("person_id", "person__number", "person__name", "person__user_id", "post__code", "post__name", "unit_id")


@dataclass
class NearDay(Day):
    """A day that knows only the units ``around`` and those above them. It answers who is responsible there; it is not
    for evaluating."""

    around: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def units(self) -> dict[UUID, UnitRow]:
        """The units asked about and those above them."""
        wanted = {path for one in self.around for path in paths.ancestors(one, include_self=True)}
        rows = Unit.objects.unscoped("who answers for what is due is told with their unit's name")
        found = rows.filter(path__in=wanted).order_by().values_list(*_UNIT)
        return {row[0]: UnitRow(*row) for row in found}

    @cached_property
    def holders(self) -> dict[UUID, dict[str, list[Holder]]]:
        """Posts held in them on the day: unit → post → holders, longest in office first."""
        found: dict[UUID, dict[str, list[Holder]]] = defaultdict(lambda: defaultdict(list))
        rows = (
            Tenure.objects.filter(since__lte=self.on, unit_id__in=list(self.units))
            .filter(Q(until__isnull=True) | Q(until__gte=self.on))
            .filter(Q(person__left_on__isnull=True) | Q(person__left_on__gt=self.on))
            .order_by("since", "id")
        )
        for row in rows.values_list(*_HOLDER):
            holder = Holder(*row)
            found[holder.unit_id][holder.post].append(holder)
        return found


def live_on() -> date:
    """Since when the platform counts; before its first evaluation, today."""
    return Run.objects.filter(id=1).values_list("live_on", flat=True).first() or clock.today()


def day_near(around: Iterable[str]) -> NearDay:
    """Today, around these units. One query now, two more where somebody asks who is responsible."""
    return NearDay(on=clock.today(), live=live_on(), around=frozenset(around))
