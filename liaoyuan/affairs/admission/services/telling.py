"""What a case tells the chronicle: each act once, corrected and withdrawn with it. Duties open and close by these."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.activity.notices.services.facts import CLOSED, STARTED
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import EXTEND, MODES, OUTCOMES, RESULTS, Act
from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.services import NewFact, fact_correct, fact_record, fact_withdraw

SOURCE = "admission"
_WALLS = gettext_lazy("拟列发展对象（张贴）")
_Tell = Callable[[Mapping[str, Any], Progress], list[tuple[str, dict[str, str]]]]


def _talk(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    words = {"who": str(detail["who"]), "mode": str(MODES.get(detail["mode"], detail["mode"]))}
    return [("admission.talk", words)]


def _review(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    return [("admission.activist_review", {"result": str(RESULTS.get(detail["result"], detail["result"]))})]


def _post(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    """A posting on walls; one on the platform tells of itself (``notices``)."""
    if not detail.get("paper"):
        return []
    return [(STARTED, {"title": str(_WALLS), "until": str(detail["ends_on"])})]


def _posted(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    if not before.posted_on_walls:
        return []
    result = _("不影响发展") if detail.get("clear", True) else _("影响发展，不列为发展对象")
    return [(CLOSED, {"title": str(_WALLS), "result": result, "note": str(detail.get("result", ""))})]


def _pre_review(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    return [("admission.pre_reviewed", {})] if detail["qualified"] else []


def _meeting(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    result = _("通过") if detail["passed"] else _("未通过")
    return [("admission.general_meeting", {"result": result, "note": str(detail.get("explanation", ""))})]


def _approve(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    if detail["agreed"]:
        return [("admission.approved", {"result": _("批准")})]
    return [("admission.refused", {})]


def _conversion_approve(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    if not detail["agreed"]:
        return [("admission.conversion_refused", {})]
    told = [("admission.conversion_approved", {"result": str(OUTCOMES.get(before.outcome, before.outcome))})]
    if before.outcome == EXTEND and before.extend_until is not None:
        told.append(("admission.extended", {"until": before.extend_until.isoformat()}))
    return told


def _postpone(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    return [("admission.postponed", {"until": str(detail["until"])})]


def _disown(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    return [("admission.not_recognised", {"by": str(detail["by"])})] if detail["agreed"] else []


def _stop(detail: Mapping[str, Any], before: Progress) -> list[tuple[str, dict[str, str]]]:
    return [("admission.stopped", {"note": str(detail["why"])})]


def _plain(kind: str) -> _Tell:
    return lambda detail, before: [(kind, {})]


_TOLD: Mapping[str, _Tell] = {
    Act.TALK: _talk,
    Act.REVIEW: _review,
    Act.POST: _post,
    Act.POSTED: _posted,
    Act.PRE_REVIEW: _pre_review,
    Act.PROPOSE: _plain("admission.proposed"),
    Act.MEETING: _meeting,
    Act.REPORT: _plain("admission.resolution_reported"),
    Act.APPROVE: _approve,
    Act.REDO: _plain("admission.lapsed"),
    Act.OATH: lambda detail, before: [("admission.oath", {"place": str(detail.get("place", ""))})],
    Act.POSTPONE: _postpone,
    Act.CONVERSION_REPORT: _plain("admission.conversion_reported"),
    Act.CONVERSION_APPROVE: _conversion_approve,
    Act.DISOWN: _disown,
    Act.STOP: _stop,
}


def tell(actor: Actor, record: StepRecord, before: Progress) -> None:
    """Write down what an act tells; ``before`` is the state it met. Acts without a day tell nothing; what came from the
    chronicle is not told again."""
    told = _TOLD.get(record.act)
    if told is None or record.done_on is None:
        return
    for kind, payload in told(record.detail, before):
        if _known(record, kind):
            continue
        fact_record(
            actor=actor,
            fact=NewFact(
                kind=kind,
                unit=record.unit,
                occurred_on=record.done_on,
                source=(SOURCE, str(record.pk)),
                person=record.case.person,
                payload=payload,
            ),
        )


def retell(actor: Actor, old: StepRecord, new: StepRecord | None, before: Progress, *, reason: str) -> None:
    """Facts follow a correction (``new``) or a cancelling (None): corrected where they still hold, else withdrawn. A
    fact that the act came from follows too: its day, and of its words those that the correction changed."""
    clerk = Actor.system(_("发展党员：%(name)s") % {"name": actor.name}, via=actor.via)
    wanted: dict[str, dict[str, str]] = {}
    if new is not None and new.done_on is not None and new.act in _TOLD:
        wanted = dict(_TOLD[new.act](new.detail, before))
    by_hand = "fact" in old.detail
    for fact in current(_told_by(old)).select_related("unit", "person"):
        payload = wanted.pop(fact.kind, None)
        if by_hand and fact.source_app != SOURCE and payload is not None and new is not None:
            payload = fact.payload | (payload if new.detail != old.detail else {})
        if payload is None or new is None:
            fact_withdraw(actor=clerk, fact=fact, reason=reason)
        elif payload != fact.payload or new.done_on != fact.occurred_on:
            fact_correct(actor=clerk, fact=fact, reason=reason, occurred_on=new.done_on, payload=payload)
    if new is not None and new.done_on is not None:
        for kind, payload in wanted.items():
            if _known(new, kind):
                continue
            fact_record(
                actor=actor,
                fact=NewFact(kind, new.unit, new.done_on, (SOURCE, str(new.pk)), new.case.person, None, payload),
            )


def fact_key(fact: Fact) -> str:
    """What a fact and its corrections have in common."""
    return f"{fact.source_app}:{fact.source_id}"


def _told_by(record: StepRecord) -> ScopedQuerySet:
    """The facts of an act: told by it, under the first row of its chain of corrections; and the one it came from."""
    first = record
    while first.supersedes is not None:
        first = first.supersedes
    mine = Q(source_app=SOURCE, source_id=str(first.pk))
    if "fact" in record.detail:
        app, _colon, source = str(record.detail["fact"]).partition(":")
        mine |= Q(source_app=app, source_id=source)
    return Fact.objects.unscoped("facts follow their source").filter(mine)


def _known(record: StepRecord, kind: str) -> bool:
    """Whether the chronicle knows this of the act already, for it came from there."""
    if "fact" not in record.detail:
        return False
    app, _colon, source = str(record.detail["fact"]).partition(":")
    rows = Fact.objects.unscoped("facts follow their source")
    return rows.filter(source_app=app, source_id=source, kind=kind).exists()
