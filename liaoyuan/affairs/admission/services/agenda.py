"""One agenda at a time: a case stands on that of one meeting, and of a meeting that may discuss it."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.models import Meeting, Motion
from liaoyuan.activity.orglife.services import motion_withdraw
from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.company import accompanied
from liaoyuan.affairs.admission.rules.findings import Call, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.selectors.company import introducers_on
from liaoyuan.affairs.admission.selectors.meetings import agenda_of, discusses, motions_pending
from liaoyuan.affairs.admission.services.acting import limits_of
from liaoyuan.affairs.admission.services.refusing import keepers_of
from liaoyuan.foundation.inbox.services import NewItem, items_put
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit


def check_agenda(case: Case, *, field: str = "") -> None:
    """A case is voted on once: neither put to a second meeting nor entered from paper while a vote is to come, or is
    counted and not entered. The caller has locked the case. Raises DomainError."""
    limits = limits_of(case)
    problem = agenda_of(case, progress_of(case, live_records(case), limits), limits).problem
    if problem:
        raise DomainError(problem, field=field)


def check_own_meeting(case: Case, meeting: UUID) -> None:
    """The branch to which the person belongs discusses him, or, by another provision that ``motion_add`` asks for, the
    temporary branch to which he is attached. Raises DomainError."""
    rows = Meeting.objects.unscoped("only compared with the case's branch").filter(pk=meeting).select_related("unit")
    row = rows.first()
    if row is not None and not discusses(case, row):
        raise DomainError(
            _("“%(meeting)s”是“%(other)s”的会议，本案由“%(unit)s”的党员大会讨论。请选择本支部的会议。")
            % {"meeting": row.title, "other": row.unit.name, "unit": case.unit.name},
            field="meeting",
        )


def check_introducers(case: Case, meeting: UUID, state: Progress, limits: Limits) -> None:
    """Nobody is put to a meeting that could not take him in: an introducer who may not be it is replaced first. Raises
    DomainError."""
    row = Meeting.objects.unscoped("only its day is asked").filter(pk=meeting).first()
    if row is None:
        return
    helpers = introducers_on(case, Act.MEETING, row.held_on, state)
    for one in accompanied(Call(row.held_on, {}, state, limits, Setting(helpers=helpers))):
        if one.weight == Weight.HARD:
            raise DomainError(one.message, clause=one.clause)


def motions_leave(*, actor: Actor, case_id: UUID, to_unit: Unit) -> list[str]:
    """The case is another branch's: ``motions_take_back`` for the old one's agendas."""
    why = _("本人组织关系已转到“%(unit)s”，由该支部讨论") % {"unit": to_unit.name}
    return motions_take_back(actor=actor, case_id=case_id, why=why, keep=to_unit.pk)


def motions_take_back(*, actor: Actor, case_id: UUID, why: str, keep: UUID | None = None) -> list[str]:
    """What stands on agendas, those of the unit ``keep`` excepted, is taken back with the reason, a ballot under way is
    void, and those who keep that agenda are told. Returns the motions in words. The caller holds no lock on the case
    yet: the count of a vote locks the meeting first and the case afterwards."""
    taken = []
    for motion in motions_pending(case_id):
        if motion.meeting.unit_id == keep:
            continue
        try:
            with unit_of_work():
                motion_withdraw(actor=actor, motion=motion.pk, reason=why)
        except Conflict:
            continue  # decided at this moment: then it was decided before
        words = {"title": motion.title, "unit": motion.meeting.unit.name, "on": motion.meeting.held_on.isoformat()}
        taken.append(_("“%(title)s”（%(unit)s %(on)s）") % words)
        _tell_keepers(actor, motion, why)
    return taken


def _tell_keepers(actor: Actor, motion: Motion, why: str) -> None:
    title = _("“%(title)s”已从会议议程撤回") % {"title": motion.title}
    url = reverse("orglife:motion", args=[motion.pk])
    items_put(
        actor=actor,
        items=[
            NewItem(user, f"admission:withdrawn:{motion.pk}", title, body=why, url=url, level="soon", kind="message")
            for user in keepers_of(motion.meeting.unit_id)
        ],
    )
