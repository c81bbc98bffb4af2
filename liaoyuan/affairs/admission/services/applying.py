"""Stages one and two: the talk with the applicant, the activist, his mentors, his reviews."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case, Mentor, Review, StepRecord, Talk
from liaoyuan.affairs.admission.rules.acts import MODES, RESULTS, WAYS, Act
from liaoyuan.affairs.admission.selectors.people import may_talk_for_approver
from liaoyuan.affairs.admission.services.acting import Doing, act_do, limits_of
from liaoyuan.affairs.admission.services.locking import check_words
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import Capability as MembersCapability


def talk_record(
    *,
    actor: Actor,
    case: UUID,
    on: date,
    talker: Person | None,
    mode: str,
    summary: str,
    who: str = "",
    act: Act = Act.TALK,
) -> StepRecord:
    """Somebody talked with the applicant on behalf of the organisation, face to face, by telephone or by video (step 2;
    DM-03: within a month of the application). With ``act=APPROVAL_TALK``: a committee member before the approval (step
    16, DM-34). ``who`` names a talker who is not on the roster.
    """
    if mode not in MODES:
        raise DomainError(_("谈话方式只有当面、电话、视频三种。"), field="mode")
    name = talker.name if talker is not None else check_words(who, field="who")
    with unit_of_work():
        words = check_words(summary, field="summary") and summary.strip()
        detail = {"who": name, "mode": mode} if act == Act.TALK else {"who": name}
        record = act_do(actor=actor, case=case, doing=Doing(act, on, detail))
        if talker is not None and talker.pk == record.case.person_id:
            raise DomainError(_("不能由本人同自己谈话，请填写谈话人。"), field="talker")
        if talker is not None and act == Act.APPROVAL_TALK:
            check_talker(record.case, talker, on)
        Talk.objects.create(record=record, mode=mode, talker=talker, summary=words)
        return record


def check_talker(case: Case, talker: Person, on: date) -> None:
    """Before the approval a member of the approving committee or its 组织员 talks with him, nobody else of the roster
    (DM-34). Raises DomainError."""
    if not may_talk_for_approver(case, talker, on):
        raise DomainError(
            _("%(name)s 在 %(on)s 不是审批党委的委员或者组织员，审批前谈话请由他们进行。")
            % {"name": talker.name, "on": on.isoformat()},
            field="talker",
            clause=limits_of(case).clause("DM-34"),
        )


def activist_determine(*, actor: Actor, case: UUID, on: date, way: str, body: str = "") -> StepRecord:
    """The committee (or, without one, the general meeting) determined an activist, recommended by members or by the
    youth league (step 3, DM-04)."""
    if way not in WAYS:
        raise DomainError(_("人选由党员推荐或者群团组织推优产生，请选择。"), field="way")
    return act_do(actor=actor, case=case, doing=Doing(Act.ACTIVIST, on, {"way": way, "body": body}))


def activist_file(*, actor: Actor, case: UUID, on: date, number: str = "") -> StepRecord:
    """The committee above has the activist on file (step 4)."""
    return act_do(actor=actor, case=case, doing=Doing(Act.FILE_ACTIVIST, on, {"number": number.strip()}))


def mentors_set(*, actor: Actor, case: UUID, on: date, people: Sequence[UUID], note: str = "") -> StepRecord:
    """Name one or two full members as mentors; those named before and not now are relieved (step 5, DM-06)."""
    with unit_of_work():
        named = people_named(actor, people)
        record = act_do(
            actor=actor,
            case=case,
            doing=Doing(
                Act.MENTORS,
                on,
                {"people": [str(one.pk) for one in named], "names": [one.name for one in named]},
                reason=note,
                helpers=named,
            ),
        )
        replace_helpers(Mentor, record, named, note=note)
        return record


def review_record(
    *, actor: Actor, case: UUID, on: date, result: str, summary: str, act: Act = Act.REVIEW
) -> StepRecord:
    """The half-year's review of an activist (DM-07), or with ``act=CARE`` of a probationer (step 21)."""
    if result not in RESULTS:
        raise DomainError(_("请选择考察结论。"), field="result")
    with unit_of_work():
        check_words(summary, field="summary")
        record = act_do(actor=actor, case=case, doing=Doing(act, on, {"result": result}))
        Review.objects.create(record=record, result=result, summary=summary.strip())
        return record


def people_named(actor: Actor, people: Sequence[UUID]) -> list[Person]:
    """The people behind ids, each once and in order. Raises NotInScope for one whom the actor may not see."""
    wanted = list(dict.fromkeys(people))
    rows = Person.objects.visible_to(actor, MembersCapability.VIEW).filter(pk__in=wanted, active=True)
    found = {row.pk: row for row in rows}
    if len(found) != len(wanted):
        raise NotInScope(_("所选的人不在您的管理范围内，或者已经离队。"))
    return [found[pk] for pk in wanted]


def replace_helpers(model: type, record: StepRecord, named: Sequence[Person], *, note: str = "") -> None:
    """Those named stay or begin, the others end on the act's day."""
    case: Case = record.case
    rows = model.objects.filter(case=case, until__isnull=True)  # type: ignore[attr-defined]
    keep = {one.pk for one in named}
    for row in rows.exclude(person__in=keep).select_related("person"):
        # Who left service accompanied nobody from that day on, however late he is replaced.
        left = row.person.left_on if not row.person.active else None
        row.until = min(left, record.done_on) if left and record.done_on else record.done_on
        row.note = note[:200]
        row.save(update_fields=["until", "note"])
    standing = set(rows.filter(person__in=keep).values_list("person_id", flat=True))
    for one in named:
        if one.pk not in standing:
            model.objects.create(  # type: ignore[attr-defined]
                case=case, person=one, since=record.done_on, record=record
            )
