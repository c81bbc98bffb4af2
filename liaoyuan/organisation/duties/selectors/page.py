"""One duty's page: what it says, whose it is, what has been told and done, what comes next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import hands, kinds
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.models import Duty, DutyAct, DutyState, Reminder
from liaoyuan.organisation.duties.policies import can_act, can_write
from liaoyuan.organisation.duties.registry import Beside, beside
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import MISSED
from liaoyuan.organisation.duties.selectors.day import Holder
from liaoyuan.organisation.duties.selectors.instances import told_on
from liaoyuan.organisation.duties.selectors.ladder import rungs
from liaoyuan.organisation.duties.selectors.near import NearDay, day_near
from liaoyuan.organisation.duties.selectors.rows import Overrides, Shown, shown, turn_words
from liaoyuan.organisation.duties.selectors.told import holders, why
from liaoyuan.organisation.members.models import Person

PEOPLE = 300  # offered when handing over
Sent = dict[tuple[date, str], list[str]]
_VERBS = {"snoozed": "暂缓提醒", "handed": "转交", "taken_back": "收回"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A day on which somebody was told, or is to be: the holder, or one rung of the ladder."""

    on: date
    who: str
    past: bool
    climbs: bool


@dataclass(frozen=True, slots=True)
class DutyPage:
    """Everything the page shows. ``refusal`` says why the actor may not act, "" where he may; ``records`` the kinds
    that he may write down by hand, the usual one first; ``unrecorded`` why there is none. ``over`` names the turn where
    one of what recurs is past, and ``missed`` the kind that says so."""

    shown: Shown
    why: str
    responsible: tuple[Holder, ...]
    history: tuple[dict[str, Any], ...]
    planned: tuple[Planned, ...]
    records: tuple[FactKind, ...]
    unrecorded: str
    refusal: str
    closing: str
    over: str
    missed: FactKind | None


def duty_page(actor: Actor, duty: Duty) -> DutyPage:
    """The page of a duty that ``duty_get`` has given. A constant number of queries."""
    today = clock.today()
    day = day_near([duty.path])
    told = shown(duty, Overrides.on(today), today)
    one = told.one
    is_open = duty.state == DutyState.OPEN
    decision = can_act(actor, duty)
    records, unrecorded = _records(actor, told)
    sent = _sent(duty)
    return DutyPage(
        shown=told,
        why=why(day, one) if one else "",
        responsible=tuple(holders(day, one)) if one else (),
        history=tuple(_history(duty, sent)),
        planned=tuple(_planned(day, told, sent)) if one and is_open else (),
        records=records,
        unrecorded=unrecorded,
        refusal="" if decision else decision.reason,  # type: ignore[union-attr]  # Denied
        closing=_sentence(duty.closed_by, duty),
        over=turn_words(duty, told.rule) if _over(told) else "",
        missed=next((kind for kind in records if kind.key == told.rule.missed), None),
    )


def _over(told: Shown) -> bool:
    """Whether this is a turn of what recurs that is past."""
    due = told.duty.due
    return bool(told.rule.missed) and due is not None and due < clock.today()


def _records(actor: Actor, told: Shown) -> tuple[tuple[FactKind, ...], str]:
    """The kinds that the actor may write down, and why there is none."""
    known = {kind.key: kind for kind in kinds.all_kinds()}
    found, why_not = [], ""
    for key in (*told.rule.record, *([told.rule.missed] if _over(told) else [])):
        decision = can_write(actor, told.duty, key) and hands.may_write(actor, key, told.duty.person_id)
        if decision and key in known:
            found.append(known[key])
        elif not decision:
            why_not = decision.reason  # type: ignore[union-attr]  # Denied
    return tuple(found), "" if found else why_not


def _sentence(fact: Fact | None, duty: Duty) -> str:
    if fact is None:
        return ""
    return kinds.sentence(
        fact.kind,
        name=duty.person.name if duty.person else "",
        unit=duty.unit.name,
        quantity=fact.quantity,
        payload=fact.payload,
    )


def _planned(day: NearDay, told: Shown, sent: Sent) -> list[Planned]:
    one, duty = told.one, told.duty
    assert one is not None  # noqa: S101  the caller asked
    found = day.responsible(one.rule, one.unit.path)[1]
    own = [duty.person.name] if one.rule.at == "self" and duty.person else []
    usual = "、".join(own or [f"{holder.name}（{holder.post_name}）" for holder in found]) or _("职务空缺")
    others = [f"{other.name}（{other.what}）" for other in _beside(duty)]
    to = "、".join([duty.handed_to.name if duty.handed_to else usual, *others])
    # What is past is told from what was sent: whoever holds the post today, or took it over, may never have had it.
    rows = [
        Planned(on, "、".join(names), past=True, climbs=point.startswith("l")) for (on, point), names in sent.items()
    ]
    known = {point for _on, point in sent}
    for number, on in enumerate(terms.reminders(one.rule, one.opened_on, one.due)):
        real = told_on(day, one.rule, on) if on == one.due else on
        if real > day.on:
            rows.append(Planned(real, to, past=False, climbs=False))
        elif f"r{number}" not in known:
            rows.append(Planned(real, _("没有发过提醒"), past=True, climbs=False))
    for rung in rungs(day, one, also=[duty.handed_to_id] if duty.handed_to_id else []):
        names = "、".join(f"{holder.name}（{holder.post_name}）" for holder in rung.holders)
        if rung.on > day.on:
            rows.append(Planned(rung.on, f"{rung.unit.name}：{names}", past=False, climbs=True))
        elif rung.point not in known:
            rows.append(Planned(rung.on, _("没有发过提醒"), past=True, climbs=True))
    return sorted(rows, key=lambda row: row.on)


def _beside(duty: Duty) -> tuple[Beside, ...]:
    """Who is told beside whoever is responsible."""
    return beside(duty.rule, [duty.person_id]).get(duty.person_id, ()) if duty.person_id else ()


def _sent(duty: Duty) -> Sent:
    """Who was told, by day and point, in order."""
    found: Sent = {}
    for row in Reminder.objects.filter(duty=duty).select_related("user").order_by("on", "point", "pk"):
        found.setdefault((row.on, row.point), []).append(row.user.display_name)
    return found


def _history(duty: Duty, sent: Sent) -> list[dict[str, Any]]:
    """What happened, newest first: opened, told, acted on, closed."""
    rows: list[tuple[Any, dict[str, Any]]] = [
        ((duty.opened_on, 0), {"date": duty.opened_on, "title": _("起算"), "body": "", "icon": "flag", "level": ""})
    ]
    for (on, point), names in sent.items():
        climbs = point.startswith("l")
        title = _("升级提醒") if climbs else _("提醒")
        item = {"date": on, "title": f"{title}：{'、'.join(names)}", "body": "", "icon": "bell",
                "level": "late" if climbs else ""}  # fmt: skip
        rows.append(((on, 1), item))
    for act in DutyAct.objects.filter(duty=duty).order_by("at"):
        on = clock.local(act.at).date()
        title = f"{_VERBS.get(act.verb, act.verb)}{_('：') + act.detail if act.detail else ''} · {act.by_name}"
        rows.append(((on, 2), {"date": on, "title": title, "body": act.reason, "icon": "user-edit", "level": ""}))
    if duty.closed_on is not None:
        closed = duty.state == DutyState.CLOSED
        missed = closed and duty.closed_by is not None and duty.closed_by.kind == f"{MISSED}.{duty.rule}"
        title = _("未按期，说明后办结") if missed else _("办结") if closed else _("不再适用")
        item = {"date": duty.closed_on, "title": title, "body": "",
                "icon": "circle-check" if closed else "circle-minus",
                "level": "ok" if closed and not missed else ""}  # fmt: skip
        rows.append(((duty.closed_on, 3), item))
    return [item for _key, item in sorted(rows, key=lambda row: row[0], reverse=True)]


def people_to_hand_to(duty: Duty) -> list[Person]:
    """Who could see to it: people with an account of the duty's own unit, and holders of posts there and above, as
    ``duty_hand_over`` allows."""
    above = paths.ancestors(duty.path, include_self=True)
    today = clock.today()
    serving = Q(tenures__unit__path__in=above, tenures__since__lte=today)
    serving &= Q(tenures__until__isnull=True) | Q(tenures__until__gte=today)
    rows = Person.objects.unscoped("names of one's own unit and of those in office above it")
    rows = rows.filter(active=True, user__isnull=False, unit__isnull=False)
    rows = rows.filter(Q(unit_id=duty.unit_id) | Q(group_id=duty.unit_id) | serving)
    found = rows.select_related("unit").order_by("rank_order", "pinyin", "pk").distinct()[:PEOPLE]
    return [
        person
        for person in found
        if person.unit is not None
        and (person.unit.path.startswith(duty.path) or duty.path.startswith(person.unit.path))
        and person.pk != duty.handed_to_id
    ]
