"""What a general meeting of the platform decided gets into the case: by itself, or, where a rule asks for a reason or a
basis that nobody has given, once the branch gives it. The platform never answers in its place."""

import logging
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.models import Motion
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.selectors.meetings import ACT_OF, agenda_of, discusses, vote_detail
from liaoyuan.affairs.admission.services.acting import Doing, limits_of, perform
from liaoyuan.affairs.admission.services.locking import locked_case
from liaoyuan.affairs.admission.services.noting import keep_refused, not_taken
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor

_log = logging.getLogger(__name__)


def decision_follow(*, actor: Actor, case: Case, motion: Motion) -> None:
    """A vote was counted: the locked case takes it. What it cannot take stays in its history with the reason, or waits
    for the branch's word (``decision_take``); the count is never undone because of it."""
    limits = limits_of(case)
    state = progress_of(case, live_records(case), limits)
    on = motion.meeting.held_on
    doing = Doing(ACT_OF[motion.rule], on, vote_detail(motion, state), basis=motion.override_basis)
    try:
        with transaction.atomic():
            _check_branch(case, motion)
            perform(actor, case, doing)
    except DomainError as error:
        not_taken(case, doing.act, error)
        _log.warning("案卷 %s 没有登记 %s：%s", case.pk, doing.act, error.message)
        waiting = agenda_of(case, state, limits).waiting
        if not discusses(case, motion.meeting) or waiting is None or waiting.motion.pk != motion.pk:
            keep_refused(case, doing, by=actor.name, why=_("表决结果没有记入案卷：%(why)s") % {"why": error.message})


def _check_branch(case: Case, motion: Motion) -> None:
    meeting = motion.meeting
    if not discusses(case, meeting):
        raise DomainError(
            _("表决的是“%(other)s”，本人的组织关系在“%(unit)s”，须由该支部的党员大会讨论。")
            % {"other": meeting.unit.name, "unit": case.unit.name}
        )


def decision_take(*, actor: Actor, case: UUID, act: Act, reason: str = "", basis: str = "") -> StepRecord:
    """Enter the vote that waits, with the reason or basis it waits for. The figures are the meeting's. Raises Conflict
    where none waits; DomainError at ``reason`` or ``basis`` where that is wanting still."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, act).require()
        limits = limits_of(row)
        waiting = agenda_of(row, progress_of(row, live_records(row), limits), limits).waiting
        if waiting is None or waiting.act != act:
            raise Conflict(_("没有等待登记的表决结果，请刷新后再看。"))
        held, told = waiting.motion.meeting.held_on, basis.strip() or waiting.motion.override_basis
        return perform(actor, row, Doing(act, held, waiting.detail, reason=reason, basis=told))
