"""One agenda at a time: a case stands on that of one meeting, and of a meeting of its own branch."""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.selectors.meetings import agenda_of
from liaoyuan.affairs.admission.services.acting import limits_of
from liaoyuan.kernel.errors import DomainError


def check_agenda(case: Case, *, field: str = "") -> None:
    """A case is voted on once: neither put to a second meeting nor entered from paper while a vote is to come, or is
    counted and not entered. The caller has locked the case. Raises DomainError."""
    limits = limits_of(case)
    problem = agenda_of(case, progress_of(case, live_records(case), limits), limits).problem
    if problem:
        raise DomainError(problem, field=field)


def check_own_meeting(case: Case, meeting: UUID) -> None:
    """The branch to which the person belongs discusses him. Raises DomainError."""
    rows = Meeting.objects.unscoped("only compared with the case's branch").filter(pk=meeting).select_related("unit")
    row = rows.first()
    if row is not None and row.unit_id != case.unit_id:
        raise DomainError(
            _("“%(meeting)s”是“%(other)s”的会议，本案由“%(unit)s”的党员大会讨论。请选择本支部的会议。")
            % {"meeting": row.title, "other": row.unit.name, "unit": case.unit.name},
            field="meeting",
        )
