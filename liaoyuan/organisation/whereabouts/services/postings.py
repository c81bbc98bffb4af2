"""Sending people away, in one form for a whole group: all of them or none."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.kernel.results import Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.events import PostingBegun
from liaoyuan.organisation.whereabouts.models import Posting, PostingChange, Purpose
from liaoyuan.organisation.whereabouts.policies import Capability, can_post
from liaoyuan.organisation.whereabouts.services import attachment
from liaoyuan.organisation.whereabouts.services.facts import postings_follow
from liaoyuan.organisation.whereabouts.services.presence import lock_people, presence_refresh
from liaoyuan.organisation.whereabouts.services.problems import GroupRefused, Problem


def posting_begin_group(
    *,
    actor: Actor,
    people: Iterable[UUID],
    purpose: Purpose,
    site: Site,
    since: date,
    planned_end: date | None = None,
    attached_unit: Unit | None = None,
    note: str = "",
) -> list[Posting]:
    """Post ``people`` away to ``site`` for ``purpose`` from ``since`` on, expected back on ``planned_end``; meanwhile
    ``attached_unit``, if any, looks after them.

    All or nothing: raises GroupRefused with every person's problem (unknown or out of scope, not in service,
    overlapping an earlier posting, attached already), NotPermitted where the actor may post nobody, DomainError for
    dates or a branch that cannot be.
    """
    ids = list(dict.fromkeys(people))
    with unit_of_work():
        if not actor.holds(Capability.POST):
            raise NotPermitted(_("您没有登记外出的权限，请由支部书记或组织干事办理。"))
        attached_unit = attachment.lock_branch(attached_unit)
        _check_form(ids, site, since, planned_end, attached_unit)
        found = _lock_visible(actor, ids)
        _check_people(actor, ids, found, rules.Span(since, planned_end, None), attached_unit)
        by_name = actor.name[:80]
        postings = [
            Posting(
                person=person, purpose=purpose, site=site, attached_unit=attached_unit, since=since,
                planned_end=planned_end, note=note.strip()[:200], recorded_by=by_name, recorded_at=clock.now(),
            )
            for person in found
        ]  # fmt: skip
        Posting.objects.bulk_create(postings, batch_size=500)
        record_changes(actor, postings, "recorded", reason=note)
        _attach(actor, postings)
        postings_follow(actor=actor, person_ids=[person.pk for person in found])
        presence_refresh(person.pk for person in found)
        audit.record_many(
            actor,
            "whereabouts.post",
            found,
            detail={
                "purpose": purpose.name,
                "site": site.name,
                "since": since,
                "planned_end": planned_end,
                "attached_unit": attached_unit.name if attached_unit else "",
            },
        )
        bus.publish(PostingBegun(tuple(row.pk for row in postings), tuple(row.person_id for row in postings)))
    return postings


def _check_form(
    ids: Sequence[UUID], site: Site, since: date, planned_end: date | None, attached_unit: Unit | None
) -> None:
    if not ids:
        raise DomainError(_("请至少选择一个人。"), field="people")
    if len(ids) > rules.MAX_GROUP:
        raise DomainError(
            _("一次最多登记 %(limit)d 人，您选了 %(count)d 人，请分批办理。")
            % {"limit": rules.MAX_GROUP, "count": len(ids)},
            field="people",
        )
    check_site(site)
    check_branch(attached_unit)
    if wrong := rules.date_problem(since, planned_end, clock.today()):
        raise DomainError(wrong, field="planned_end" if planned_end and planned_end < since else "since")


def check_site(site: Site) -> None:
    """Raise DomainError for a place out of use."""
    if not site.active:
        raise DomainError(_("点位“%s”已停用，请选别的点位。") % site.name, field="site")


def check_branch(attached_unit: Unit | None) -> None:
    """Raise DomainError for an organisation nobody can be attached to."""
    if attached_unit is None:
        return
    if not attached_unit.is_branch:
        raise DomainError(_("只能挂靠到党支部（含临时、联合党支部）。"), field="attached_unit")
    if attached_unit.dissolved_on is not None and attached_unit.dissolved_on <= clock.today():
        raise DomainError(_("“%s”已经撤销，不能再挂靠。") % attached_unit.name, field="attached_unit")


def _lock_visible(actor: Actor, ids: Sequence[UUID]) -> list[Person]:
    """The people in the actor's scope, locked in key order, in the order asked."""
    visible = set(Person.objects.visible_to(actor, Capability.POST).filter(pk__in=ids).values_list("pk", flat=True))
    lock_people(visible)
    rows = Person.objects.visible_to(actor, Capability.POST).filter(pk__in=visible).select_related("unit").in_bulk()
    return [rows[key] for key in ids if key in rows]


def _check_people(
    actor: Actor, ids: Sequence[UUID], found: Sequence[Person], span: rules.Span, attached_unit: Unit | None
) -> None:
    """Raise GroupRefused naming everybody who cannot go."""
    today = clock.today()
    spans = spans_of([person.pk for person in found])
    problems = []
    if missing := len(ids) - len(found):
        problems.append(Problem(_("%d 人") % missing, _("没有找到，或者不在您的管理范围内。")))
    for person in found:
        who = f"{person.name}（{person.number}）"
        decision = can_post(actor, person)
        if isinstance(decision, Denied):
            problems.append(Problem(who, decision.reason))
        elif not person.active:
            problems.append(Problem(who, _("已不在队。")))
        elif attached_unit is not None and person.unit_id == attached_unit.pk:
            problems.append(Problem(who, _("组织关系就在“%s”，不用挂靠。") % attached_unit.name))
        elif clash := rules.overlapping(span, spans.get(person.pk, ()), today):
            problems.append(Problem(who, clash_sentence(clash)))
    if problems:
        raise _refusal(problems)


def _attach(actor: Actor, postings: Sequence[Posting]) -> None:
    problems = []
    for posting in postings:
        try:
            attachment.begin(actor, posting)
        except DomainError as error:
            problems.append(Problem(f"{posting.person.name}（{posting.person.number}）", error.message))
    if problems:
        raise _refusal(problems)


def _refusal(problems: Sequence[Problem]) -> GroupRefused:
    sentence = _("有 %d 处问题，一个人也没有登记：请改正或去掉这些人后再提交。") % len(problems)
    return GroupRefused(sentence, tuple(problems))


def clash_sentence(clash: rules.Span) -> str:
    """What to do about an overlapping posting."""
    until = clash.ended_on or clash.planned_end
    days = _("%(since)s 至 %(until)s") % {"since": clash.since, "until": until or _("未定")}
    if clash.ended_on is None:
        return _("与“%(label)s”（%(days)s）重叠：请先登记归队，或改日期。") % {"label": clash.label, "days": days}
    return _("与“%(label)s”（%(days)s）重叠：请改日期。") % {"label": clash.label, "days": days}


def spans_of(person_ids: Sequence[UUID], *, but: UUID | None = None) -> dict[UUID, list[rules.Span]]:
    """Every posting of these people as spans, without the one called ``but``."""
    rows = Posting.objects.unscoped("overlaps count wherever they were recorded").filter(person_id__in=person_ids)
    found: dict[UUID, list[rules.Span]] = {}
    for person, since, planned_end, ended_on, purpose, site in rows.exclude(pk=but).values_list(
        "person_id", "since", "planned_end", "ended_on", "purpose__name", "site__name"
    ):
        found.setdefault(person, []).append(rules.Span(since, planned_end, ended_on, f"{purpose} · {site}"))
    return found


def record_changes(
    actor: Actor, postings: Sequence[Posting], verb: str, *, reason: str = "", detail: dict[str, object] | None = None
) -> None:
    """Append a step to the timeline of each posting."""
    PostingChange.objects.bulk_create(
        [
            PostingChange(
                posting=posting,
                person_id=posting.person_id,
                verb=verb,
                at=clock.now(),
                by_name=actor.name[:80],
                reason=reason.strip()[:200],
                detail=detail or {},
            )
            for posting in postings
        ],
        batch_size=500,
    )
