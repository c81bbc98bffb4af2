"""Stage three: from the proposal to the candidate, his introducers, the political review, the training."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PostingResult, PostingState, PublicPosting
from liaoyuan.activity.notices.rules import Body
from liaoyuan.activity.notices.services import posting_start
from liaoyuan.affairs.admission.models import Case, Introducer, Opinion, PoliticalReview, StepRecord, Training
from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS
from liaoyuan.affairs.admission.selectors.cases import live_records
from liaoyuan.affairs.admission.services.acting import POSTING, Doing, act_do, limits_of, perform
from liaoyuan.affairs.admission.services.applying import people_named, replace_helpers
from liaoyuan.affairs.admission.services.locking import check_words, locked_case
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person

SUBJECT = "admission.case"
LONGEST = timedelta(days=366)  # of a posting on a wall, of a training: beyond it the year is mistyped


def opinion_record(*, actor: Actor, case: UUID, on: date, source: str, summary: str) -> StepRecord:
    """What one of the four sources says about the activist (DM-12)."""
    if source not in OPINION_LABELS:
        raise DomainError(_("请选择意见来源。"), field="source")
    with unit_of_work():
        check_words(summary, field="summary")
        record = act_do(actor=actor, case=case, doing=Doing(Act.OPINION, on, {"source": source}))
        Opinion.objects.create(record=record, source=source, summary=summary.strip())
        return record


def candidate_propose(*, actor: Actor, case: UUID, on: date, body: str = "") -> StepRecord:
    """The committee discussed and proposes the activist (step 7): a year of cultivation, four opinions."""
    return act_do(actor=actor, case=case, doing=Doing(Act.PROPOSE, on, {"body": body}))


def consent_record(
    *, actor: Actor, case: UUID, on: date, agreed: bool, number: str = "", reason: str = ""
) -> StepRecord:
    """The committee above agrees, or not: then he stays an activist (2026 text, DM-12). A refusal is told in words."""
    if not agreed:
        reason = check_words(reason, field="reason")
    doing = Doing(Act.CONSENT, on, {"agreed": agreed, "number": number.strip()}, reason=reason)
    return act_do(actor=actor, case=case, doing=doing)


def candidate_post(*, actor: Actor, case: UUID, receiver: Person, contact: str = "", away: str = "") -> PublicPosting:
    """Post the proposal from today, where the person works and, if he is away, where he is attached, or on the wall
    ``away`` where he has gone (DM-13). The end of the posting feeds the case by itself (``handlers``)."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.POST).require()
        person = row.person
        posting = posting_start(
            actor=actor,
            unit=row.unit,
            title=_("关于拟列%(name)s为发展对象的公示") % {"name": person.name},
            body=Body(
                lead=_("经支部委员会研究、上级党委同意，拟将下列同志列为发展对象，现予公示。"),
                rows=(
                    (str(_("姓名")), person.name),
                    (str(_("所在单位")), row.unit.host_body or row.unit.name),
                    (str(_("职务")), person.position or str(_("无"))),
                    (str(_("申请入党日期")), f"{row.started_on or ''}"),
                ),
                closing=_("公示期间如有意见，请向受理人反映。"),
            ),
            receiver=receiver,
            person=person,
            subject_type=SUBJECT,
            subject_id=str(row.pk),
            parameter=POSTING,
            text_of=row.text_of,
            contact=contact,
            away=away,
        )
        there = _walls([away])
        detail = {
            "posting": str(posting.pk),
            "ends_on": posting.last_day.isoformat(),
            "places": [*(one.unit.name for one in posting.places.select_related("unit")), *there],
            "away": there,
        }
        perform(actor, row, Doing(Act.POST, posting.starts_on, detail))
        return posting


def posting_record(
    *, actor: Actor, case: UUID, on: date, ends_on: date, places: Sequence[str], away: Sequence[str] = ()
) -> StepRecord:
    """A posting that hung on walls from ``on`` to ``ends_on``: ``places`` where the person works, ``away`` where he was
    attached at that time, or had gone for long (both at once, DM-13). What came of it is recorded by
    ``posting_result``. Raises DomainError for too few working days, a place missing, days that cannot be."""
    here, there = _walls(places), _walls(away)
    if not here:
        raise DomainError(_("请写明公示张贴在哪里。"), field="places")
    if not timedelta(0) <= ends_on - on <= LONGEST:
        raise DomainError(_("公示截止日期应在张贴日期之后，且不超过一年，请核对。"), field="ends_on")
    detail = {"ends_on": ends_on.isoformat(), "places": [*here, *there], "away": there, "paper": True}
    return act_do(actor=actor, case=case, doing=Doing(Act.POST, on, detail, back_filled=on < clock.today()))


def _walls(places: Sequence[str]) -> list[str]:
    """The names of places, each once."""
    return list(dict.fromkeys(" ".join(one.split())[:80] for one in places if any(map(str.isalnum, one))))


def posting_result(*, actor: Actor, case: UUID, on: date, clear: bool, result: str) -> StepRecord:
    """What came of the posting: nothing against it, or something that affects him: then he stays an activist."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, Act.POSTED).require()
        words = check_words(result, field="result")
        posting_agrees(row, clear=clear)
        return perform(actor, row, Doing(Act.POSTED, on, {"clear": clear, "result": words}))


def posting_agrees(case: Case, *, clear: bool) -> None:
    """What hangs on the platform has its result from there: objections are the receiver's to look into, and what was
    found is not entered otherwise by hand. Raises DomainError."""
    # The present posting alone: one before it, on the platform, may have ended otherwise.
    last = next((one for one in reversed(live_records(case)) if one.act == Act.POST), None)
    posting = last.detail.get("posting") if last is not None else None
    if posting is None:
        return
    row = PublicPosting.objects.unscoped("the case's own posting").filter(pk=posting).first()
    if row is None or not row.objections.exists():
        return
    clause = limits_of(case).clause("DM-13")
    if row.state in {PostingState.OPEN, PostingState.AWAITING}:
        raise DomainError(
            _("这次公示收到意见，还没有核实完。请由受理人在公示页写明结论，案卷随之登记。"),
            field="result",
            clause=clause,
        )
    if clear != (row.result != PostingResult.UPHELD):
        raise DomainError(
            _("公示的结论是“%(result)s”，与所选的不符，请按公示的结论登记。") % {"result": row.get_result_display()},
            field="clear",
            clause=clause,
        )


def candidate_list(*, actor: Actor, case: UUID, on: date) -> StepRecord:
    """He is a candidate (step 8 complete, 2026 text)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.LIST, on))


def candidate_file(*, actor: Actor, case: UUID, on: date, number: str = "") -> StepRecord:
    """The committee above has the candidate on file; he is one from that day (step 8, 2014 text)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.FILE_CANDIDATE, on, {"number": number.strip()}))


def introducers_set(*, actor: Actor, case: UUID, on: date, people: Sequence[UUID], reason: str = "") -> StepRecord:
    """Name exactly two full members as introducers (step 9). Under 留党察看: refused (DM-17); a penalty whose effect
    lasts: 不宜, needs a reason (DM-16)."""
    with unit_of_work():
        named = people_named(actor, people)
        detail = {"people": [str(one.pk) for one in named], "names": [one.name for one in named]}
        record = act_do(actor=actor, case=case, doing=Doing(Act.INTRODUCERS, on, detail, reason=reason, helpers=named))
        replace_helpers(Introducer, record, named, note=reason)
        return record


def political_review_record(
    *, actor: Actor, case: UUID, on: date, passed: bool, methods: Sequence[str], summary: str
) -> StepRecord:
    """The conclusion of the political review (step 10, DM-18). Not passed: he cannot be developed and is an activist
    again."""
    with unit_of_work():
        check_words(summary, field="summary")
        record = act_do(actor=actor, case=case, doing=Doing(Act.POLITICAL_REVIEW, on, {"passed": passed}))
        PoliticalReview.objects.create(record=record, passed=passed, methods=list(methods), summary=summary.strip())
        return record


def training_record(
    *,
    actor: Actor,
    case: UUID,
    on: date,
    days: int = 0,
    hours: int = 0,
    provider: str = "",
    begins_on: date | None = None,
    exempt: bool = False,
    basis: str = "",
) -> StepRecord:
    """The short training (step 11, DM-19): three days or 24 hours; an exemption needs its basis. ``on`` is its last
    day."""
    if begins_on is not None and not timedelta(0) <= on - begins_on <= LONGEST:
        raise DomainError(_("培训开始日期应早于结束日期，请核对。"), field="begins_on")
    with unit_of_work():
        detail = {"days": days, "hours": hours, "provider": provider.strip(), "exempt": exempt}
        record = act_do(actor=actor, case=case, doing=Doing(Act.TRAINING, on, detail, basis=basis))
        Training.objects.create(
            record=record, begins_on=begins_on, days=days, hours=hours, provider=provider.strip()[:80], exempt=exempt
        )
        return record
