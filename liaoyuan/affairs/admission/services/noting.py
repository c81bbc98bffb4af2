"""What somebody wrote down in the chronicle by hand (on a duty's page) gets into the case: nothing is entered twice.

``Keeper`` takes a fact in the transaction that writes it, judged as the act's own form would be; what the case refuses
is refused there, with the clause. Whoever decides in the case, and nobody else, notes a decision.

An act that came from a fact names the fact's source in ``detail["fact"]``. It is not told again, follows what is
corrected or withdrawn there, and corrects it where the case is corrected. A talk, a review or an oath that reached the
chronicle in another way and that the case cannot take stays in its history as not taken, with the reason: it happened
all the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case, Review, StepRecord, Talk
from liaoyuan.affairs.admission.policies import can_act, can_note
from liaoyuan.affairs.admission.rules.acts import ACTS, Act
from liaoyuan.affairs.admission.selectors.cases import live_records
from liaoyuan.affairs.admission.services.acting import Doing, perform
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.services.hand import BY_HAND, IN_CASE, doing_of
from liaoyuan.affairs.admission.services.locking import locked_case
from liaoyuan.affairs.admission.services.telling import SOURCE, fact_key
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.members.models import Person

# Every kind that admission keeps, with its act.
KEPT: Mapping[str, Act] = {**BY_HAND, **IN_CASE}
# A person's own words about what he did; everything else is a decision, noted by whoever may take it.
PLAIN = frozenset({Act.TALK, Act.REVIEW, Act.OATH})


class Keeper:
    """Admission as the keeper of its kinds (``chronicle.hands``)."""

    def may(self, actor: Actor, kind: str, person_id: UUID | None) -> Decision:
        """Plain facts by whoever answers for the duty, decisions by whoever takes them in the case, or might take them
        in one where none is open."""
        act = KEPT[kind]
        if act in PLAIN:
            return Allowed()
        case = _open_case(person_id)
        if case is not None:
            return can_act(actor, case, act)
        person = Person.objects.unscoped("whose decision it is, is no secret").filter(pk=person_id).first()
        return can_note(actor, person, act) if person is not None else Denied(_("须写明是谁。"))

    def take(self, actor: Actor, fact: Fact) -> None:
        """Into the open case. Raises DomainError at the payload's key, and for what is done in the case alone."""
        found = _open_case(fact.person_id)
        if found is None or fact.occurred_on < (found.started_on or date.min):
            return
        if fact.kind in IN_CASE:
            raise DomainError(
                _("%(name)s有正在办理的发展案卷，“%(act)s”请在案卷中办理：那里按规定核对，并自动记入纪实。")
                % {"name": found.person.name, "act": ACTS[IN_CASE[fact.kind]].label}
            )
        case = locked_case(_clerk(actor.name), found.pk)
        act = BY_HAND[fact.kind]
        by = _clerk(actor.name) if act in PLAIN else actor
        try:
            _record(by, case, doing_of(case, fact, fact_key(fact)), fact.payload)
        except DomainError as error:
            error.field = _FIELDS.get(error.field, error.field)
            raise

    def holds(self, fact: Fact) -> bool:
        """Decisions that a case took are mended in the case, where what follows from them is judged anew."""
        if fact.person_id is None or KEPT[fact.kind] in PLAIN:
            return False
        rows = StepRecord.objects.filter(case__person=fact.person_id, act=KEPT[fact.kind], live=True)
        return any(detail.get("fact") == fact_key(fact) for detail in rows.values_list("detail", flat=True))


# The act's fields → the fact's.
_FIELDS = {"reason": "note", "on": "occurred_on", "ends_on": "occurred_on"}


def _open_case(person_id: UUID | None) -> Case | None:
    if person_id is None:
        return None
    rows = Case.objects.unscoped("the case takes what was recorded by hand").filter(person=person_id, closed_as="")
    return rows.select_related("person", "unit").first()


def facts_take(*, people: Iterable[UUID]) -> None:
    """Bring the open cases of these people in line with what was written down by hand. Twice changes nothing."""
    rows = Case.objects.unscoped("cases take what was recorded by hand").filter(person__in=people, closed_as="")
    for pk in list(rows.values_list("pk", flat=True)):
        with unit_of_work():
            _follow(locked_case(_clerk(_("纪实")), pk))


def not_taken(case: Case, act: Act, error: DomainError) -> None:
    """Leave a trace that something did not get into the case."""
    audit(
        _clerk(_("纪实")),
        "admission.not_taken",
        object_type="admission.case",
        object_id=case.pk,
        object_label=ACTS[act].label,
        subject_id=case.person_id,
        allowed=False,
        reason=error.message[:200],
    )


def _follow(case: Case) -> None:
    every = Fact.objects.unscoped("the case takes what was recorded by hand")
    rows = every.filter(person=case.person_id, kind__in=BY_HAND, occurred_on__gte=case.started_on or date.min)
    held = {fact_key(fact): fact for fact in current(rows.exclude(source_app=SOURCE)).order_by("occurred_on", "pk")}
    for record in live_records(case):
        key = record.detail.get("fact")
        if key is None:
            continue
        fact = held.get(key)
        clerk = _clerk(fact.recorded_by if fact is not None else _("纪实"))
        try:
            with unit_of_work():
                if fact is None:
                    record_cancel(actor=clerk, case=case.pk, record=record.pk, reason=_("纪实中已撤销"))
                elif fact.occurred_on != record.done_on:
                    record_correct(
                        actor=clerk, case=case.pk, record=record.pk, reason=_("纪实中已更正"), on=fact.occurred_on
                    )
        except DomainError as error:
            not_taken(case, Act(record.act), error)
    known = {str(detail.get("fact")) for detail in case.records.values_list("detail", flat=True)}
    for key, fact in held.items():
        if key not in known and BY_HAND[fact.kind] in PLAIN:
            _take(case, fact, key)


def _take(case: Case, fact: Fact, key: str) -> None:
    case.refresh_from_db()
    doing = doing_of(case, fact, key)
    try:
        with unit_of_work():
            answered = replace(doing, reason=doing.reason or str(_("纪实中已登记")))
            _record(_clerk(fact.recorded_by), case, answered, fact.payload)
    except DomainError as error:
        not_taken(case, doing.act, error)
        why = _("纪实中的记录没有记入案卷：%(why)s") % {"why": error.message}
        keep_refused(case, doing, by=fact.recorded_by, why=why)


def _record(actor: Actor, case: Case, doing: Doing, told: Mapping[str, Any]) -> None:
    record = perform(actor, case, doing)
    _evidence(record, doing.detail, told)


def _evidence(record: StepRecord, detail: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    words = "；".join(str(told[key]) for key in ("result", "note", "evidence") if told.get(key))
    if record.act == Act.TALK:
        Talk.objects.create(record=record, mode=detail["mode"], summary=words)
    elif record.act == Act.REVIEW:
        Review.objects.create(record=record, result=detail["result"], summary=words)


def keep_refused(case: Case, doing: Doing, *, by: str, why: str) -> None:
    """What happened and did not get into the case stays in its history, struck through, with the reason."""
    last = case.records.order_by("-seq").first()
    StepRecord.objects.create(
        case=case,
        seq=last.seq + 1 if last is not None else 1,
        act=doing.act,
        step=int(ACTS[doing.act].step),
        done_on=doing.on,
        detail=dict(doing.detail),
        unit_id=case.unit_id,
        by_name=by[:80],
        recorded_at=clock.now(),
        live=False,
        ended_reason=why[:200],
        ended_by=_("发展党员"),
        ended_at=clock.now(),
    )


def _clerk(name: str) -> Actor:
    return Actor.system(_("发展党员：%(name)s") % {"name": name})
