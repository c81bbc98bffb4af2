"""Cases follow the people named for them: a mentor left, moved or came back, and the case's step says so."""

from collections.abc import Iterable
from uuid import UUID

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.selectors.company import cases_of_mentor, cases_with_unfit_mentors
from liaoyuan.affairs.admission.services.acting import limits_of, show
from liaoyuan.kernel.db import unit_of_work


def mentors_follow(*, person: UUID) -> int:
    """Somebody's service, standing or branch changed: the open cases for which he is mentor show it. Returns how many
    were looked at. Nothing is decided: the branch names somebody else (DM-06)."""
    return cases_show(cases_of_mentor(person).values_list("pk", flat=True))


def mentors_follow_all() -> int:
    """``mentors_follow`` for everybody who is a mentor no longer (an import, a missed event)."""
    return cases_show(cases_with_unfit_mentors().values_list("pk", flat=True))


def cases_show(ids: Iterable[UUID]) -> int:
    """Bring the columns of open cases up to date."""
    wanted = sorted(ids)
    for pk in wanted:
        with unit_of_work():
            rows = Case.objects.unscoped("a case's columns repeat its acts").select_for_update(of=("self",))
            case = rows.select_related("person", "unit").filter(pk=pk, closed_as="").first()
            if case is not None:
                limits = limits_of(case)
                show(case, progress_of(case, live_records(case), limits), limits)
    return len(wanted)
