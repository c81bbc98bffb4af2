"""What whereabouts puts on others' pages: to-dos, numbers, a tab of the member file, data checks, a proof."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.registry import DataProblem, ProofResult, Tile, Todo
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.policies import Capability, can_post
from liaoyuan.organisation.whereabouts.selectors import checks, places
from liaoyuan.organisation.whereabouts.selectors import postings as read
from liaoyuan.organisation.whereabouts.services.presence import presence_differences
from liaoyuan.organisation.whereabouts.views.register import LEVELS

NAMED = 3


def todos(actor: Actor) -> Iterator[Todo]:
    """Overdue returns and arrivals to confirm of whoever registers postings; one's own arrival."""
    if actor.holds(Capability.POST):
        late, waiting = list(read.overdue(actor)[:201]), list(read.unconfirmed(actor)[:201])
        if late:
            yield _todo(late, _("逾期未归"), _("过了预计结束日期，还没有登记归队或延期。"), "overdue", _("去登记"), 3)
        if waiting:
            yield _todo(waiting, _("外出未确认到位"), _("确认到位后，地图上的位置才算新近。"), "now", _("去确认"), 1)
    if actor.person_id:
        yield from _own(actor)


def _todo(rows: list[Any], title: str, why: str, state: str, action: str, severity: int) -> Todo:
    if len(rows) == 1:
        row = rows[0]
        return Todo(
            title=f"{title}：{row.person.name}（{row.purpose.name} · {row.site.name}）", why=why,
            url=reverse("whereabouts:posting", args=[row.pk]), action=action, severity=severity, due=row.planned_end,
            icon="map-pin",
        )  # fmt: skip
    names = "、".join(row.person.name for row in rows[:NAMED])
    count = _("200 多人") if len(rows) > 200 else _("%d 人") % len(rows)
    return Todo(
        title=f"{title}：{names}{_(' 等 ') if len(rows) > NAMED else ' '}{count}",
        why=why,
        url=f"{reverse('whereabouts:register')}?state={state}&sort=planned_end",
        action=action,
        severity=severity,
        due=min((row.planned_end for row in rows if row.planned_end), default=None) if severity == 3 else None,
        count=len(rows),
        icon="map-pin",
    )


def _own(actor: Actor) -> Iterator[Todo]:
    today = clock.today()
    for row in read.own_postings(actor)[:3]:
        if row.confirmed_at is None and rules.active_on(row.since, row.ended_on, today):
            yield Todo(
                title=_("确认到位：%(purpose)s · %(site)s") % {"purpose": row.purpose.name, "site": row.site.name},
                why=_("到了地方打一次卡就行，不用另外报告。"),
                url=reverse("whereabouts:checkin"),
                action=_("打卡"),
                icon="map-pin",
            )


def tile_away(actor: Actor) -> Tile | None:
    """How many are away."""
    return _tile(actor, "away", _("在外人员"), "now", _("按外出登记计算"))


def tile_overdue(actor: Actor) -> Tile | None:
    """How many should be back."""
    return _tile(actor, "overdue", _("逾期未归"), "overdue", _("过了预计结束日期"))


def tile_back(actor: Actor) -> Tile | None:
    """How many came back in the last seven days."""
    if not actor.holds(Capability.VIEW):
        return None
    trend = read.trend(actor, days=14)["back"]
    return Tile(_("近七天返回"), sum(trend[-7:]), _("人"), f"{reverse('whereabouts:register')}?state=back&sort=-since",
                _("前七天 %d 人") % sum(trend[:7]), trend)  # fmt: skip


def _tile(actor: Actor, key: str, label: str, state: str, note: str) -> Tile | None:
    if not actor.holds(Capability.VIEW):
        return None
    trend = read.trend(actor)[key]
    return Tile(label, trend[-1], _("人"), f"{reverse('whereabouts:register')}?state={state}", note, trend)


def tab(actor: Actor, person: Person) -> dict[str, Any] | None:
    """The tab 外出 of the member file: the present place and every posting. For those who see postings, and oneself."""
    own = actor.person_id == person.pk
    if not own and not _reaches(actor, person):
        return None
    today = clock.today()
    rows = read.own_postings(actor) if own else read.postings_of(actor, person.pk)
    items = [
        {
            "posting": row,
            "state": rules.STATE_LABELS[(now := read.state_of(row, today))],
            "level": LEVELS[now],
            "days": rules.days_away(row.since, row.ended_on, today),
        }
        for row in rows
    ]
    return {
        "where": places.place_of(person.pk),
        "items": items,
        "own": own,
        "may_post": bool(can_post(actor, person)),
        "person": person,
        "total_days": sum(item["days"] for item in items),
    }


def _reaches(actor: Actor, person: Person) -> bool:
    return actor.covers(Capability.VIEW, person.home_path) or (
        person.attached_path is not None and actor.covers(Capability.VIEW, person.attached_path)
    )


def timeline(actor: Actor, person: Person) -> Iterable[dict[str, Any]]:
    """A person's goings and comings for the timeline of his file."""
    rows = read.own_postings(actor) if actor.person_id == person.pk else read.postings_of(actor, person.pk)
    for row in rows:
        url = reverse("whereabouts:posting", args=[row.pk])
        what = f"{row.purpose.name} · {row.site.name}"
        body = _("挂靠%s") % row.attached_unit.name if row.attached_unit else ""
        yield {"date": row.since, "title": _("外出：%s") % what, "body": body, "icon": "plane-departure", "url": url,
               "level": "info"}  # fmt: skip
        if row.ended_on:
            days = rules.days_away(row.since, row.ended_on, clock.today())
            yield {"date": row.ended_on, "title": _("归队：%s") % what, "body": _("在外 %d 天") % days,
                   "icon": "home-check", "url": url, "level": "ok"}  # fmt: skip


def data_problems(actor: Actor) -> Iterator[DataProblem]:
    """What is wrong with places and postings in the actor's reach."""
    for row in checks.overlapping_postings(actor):
        yield DataProblem(
            _("%(name)s 有两次外出日期重叠") % {"name": row.person.name},
            _("同一天不能在两处外出，地图按后开始的那次显示。请更正其中一次的日期。"),
            reverse("whereabouts:posting", args=[row.pk]),
            3,
        )
    for row in checks.unattached_postings(actor):
        yield DataProblem(
            _("%(name)s 外出登记写了挂靠“%(unit)s”，但没有挂靠上")
            % {"name": row.person.name, "unit": row.attached_unit},
            _("挂靠支部看不到他，组织生活会漏人。请更正外出登记，或先结束他在别处的挂靠。"),
            reverse("whereabouts:posting", args=[row.pk]),
        )
    for unit in checks.units_without_base(actor):
        yield DataProblem(
            _("“%s”及上级都没有驻地，人员不能显示在地图上") % unit.name,
            _("给它或它的上级组织选定驻地点位。"),
            reverse("units:detail", args=[unit.pk]),
        )


def presence_proof() -> ProofResult:
    """Every present place still equals what the rule derives from check-ins, postings and home bases."""
    checked, wrong = presence_differences()
    if wrong:
        return ProofResult(False, checked, _("有 %d 人的当前位置与依据不符，运行“whereabouts.refresh”可重建。") % wrong)
    return ProofResult(True, checked, _("核对了 %d 人的当前位置，全部与依据相符。") % checked)
