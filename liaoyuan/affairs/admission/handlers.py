"""What admission does when something below it changed: votes, postings, people, the tree."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.activity.notices.events import PostingClosed, PostingWithdrawn
from liaoyuan.activity.notices.rules import UPHELD
from liaoyuan.activity.orglife.events import MotionDecided
from liaoyuan.activity.orglife.models import Motion
from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.selectors.cases import live_records
from liaoyuan.affairs.admission.selectors.missed import missed_kind
from liaoyuan.affairs.admission.services.acting import Doing, perform
from liaoyuan.affairs.admission.services.following import cases_show, mentors_follow
from liaoyuan.affairs.admission.services.hand import BY_HAND
from liaoyuan.affairs.admission.services.listing import SUBJECT
from liaoyuan.affairs.admission.services.moving import case_leave, case_move, case_return
from liaoyuan.affairs.admission.services.noting import facts_take, not_taken
from liaoyuan.affairs.admission.services.opening import case_follow
from liaoyuan.affairs.admission.services.voting import decision_follow
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.members.events import PersonChanged, PersonLeft, PersonMoved, PersonReturned
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.events import RosterImported
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rewrite

_log = logging.getLogger(__name__)


def on_decided(event: MotionDecided) -> None:
    """A general meeting voted: the case takes the step, or keeps the vote until somebody says what a rule asks."""
    case = _case(event.subject_type, event.subject_id)
    motion = Motion.objects.select_related("meeting__unit").filter(pk=event.motion_id).first()
    if case is not None and motion is not None:
        decision_follow(actor=_clerk(), case=case, motion=motion)


def on_posted(event: PostingClosed) -> None:
    """The posting is over: the case knows its result."""
    case = _case(event.subject_type, event.subject_id)
    if case is not None:
        clear = event.result != UPHELD
        words = {"no_objection": _("公示期间没有异议"), "objections_dismissed": _("有异议，经核实不影响发展")}
        detail = {"clear": clear, "result": words.get(event.result, _("异议成立，影响发展"))}
        # The day after the last one, however late the platform or the receiver closed it.
        _take(case, Doing(Act.POSTED, event.last_day + timedelta(days=1), detail))


def on_posting_withdrawn(event: PostingWithdrawn) -> None:
    """The posting was taken down: it must be posted anew."""
    case = _case(event.subject_type, event.subject_id)
    if case is None:
        return
    for record in live_records(case):
        if record.act == Act.POST and record.detail.get("posting") == str(event.posting_id):
            record.live, record.ended_reason = False, event.reason[:200] or _("公示撤下")
            record.ended_by, record.ended_at = _clerk().name[:80], clock.now()
            record.save(update_fields=["live", "ended_reason", "ended_by", "ended_at"])


def _take(case: Case, doing: Doing) -> None:
    try:
        with transaction.atomic():
            perform(_clerk(), case, doing)
    except DomainError as error:
        not_taken(case, doing.act, error)
        _log.warning("案卷 %s 没有登记 %s：%s", case.pk, doing.act, error.message)


def _case(subject_type: str, subject_id: str) -> Case | None:
    if subject_type != SUBJECT:
        return None
    found = Case.objects.unscoped("named by the affair's own subject").select_for_update().filter(pk=UUID(subject_id))
    row: Case | None = found.first()
    return row


def on_facts(event: FactsRecorded) -> None:
    """A talk, a review or an oath may have been written down in the chronicle by hand, corrected or withdrawn there; or
    that a review was missed."""
    if event.everybody:
        return
    if not event.kinds.isdisjoint(BY_HAND):
        facts_take(people=event.person_ids)
    if missed_kind() in event.kinds:
        known = Case.objects.unscoped("a case follows its person").filter(person__in=event.person_ids, closed_as="")
        cases_show(known.values_list("pk", flat=True))


def on_companion(event: PersonChanged | PersonMoved) -> None:
    """Who is somebody's mentor may have left, moved or come back; or the activist is attached elsewhere."""
    mentors_follow(person=event.person_id)
    own = Case.objects.unscoped("a case follows its person").filter(person=event.person_id, closed_as="")
    if isinstance(event, PersonMoved):
        cases_show(own.values_list("pk", flat=True))


def on_person(event: PersonChanged) -> None:
    """The standing may have been changed elsewhere."""
    case_follow(actor=_clerk(), person=event.person_id)


def on_moved(event: PersonMoved) -> None:
    """Home branch changed; an attachment changes nothing: the home branch keeps the case."""
    if event.kind == "home" and event.to_unit is not None:
        case_move(actor=_clerk(), person=event.person_id, to_unit=event.to_unit)


def on_left(event: PersonLeft) -> None:
    """Out of service: nothing more is asked or accepted of his case."""
    person = Person.objects.unscoped("a case follows its person").get(pk=event.person_id)
    case_leave(actor=_clerk(), person=person)


def on_returned(event: PersonReturned) -> None:
    """Back in service."""
    case_return(actor=_clerk(), person=event.person_id, on=event.on)


def on_import(event: RosterImported) -> None:
    """Anybody may have come or changed."""
    enqueue("admission.take_over")


def follow_units(event: UnitPathsChanged) -> None:
    """Cases follow their unit."""
    paths_rewrite(Case, "path", event.moves)


def derive_again(event: UnitPathsRebuilt) -> None:
    """Paths were rebuilt: take them from the units again."""
    paths = dict(Unit.objects.unscoped("paths are copied whole").values_list("pk", "path"))
    rows = list(Case.objects.unscoped("paths are copied whole").only("pk", "unit_id", "path"))
    for row in rows:
        row.path = paths.get(row.unit_id, row.path)
    Case.objects.unscoped("paths are copied whole").bulk_update(rows, ["path"], batch_size=500)


def _clerk() -> Actor:
    """Who writes down what follows; whoever caused it stands in the trail of the cause itself."""
    return Actor.system(_("发展党员"))
