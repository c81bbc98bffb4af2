"""Writing a plan: everything in one transaction, or nothing.

Order of locks: the tree lock, units, people, accounts, the audit chain. New rows go in by the bulk services of the apps
that own them; what existing people and units lose or gain goes through those apps' ordinary verbs.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.services.bulk import accounts_insert
from liaoyuan.foundation.audit import services as audit
from liaoyuan.foundation.audit.selectors import last_number
from liaoyuan.kernel import bus
from liaoyuan.kernel.bulk import roomy
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict
from liaoyuan.kernel.paths import minimal
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import people_follow, standings_begin, tenures_follow, units_follow
from liaoyuan.organisation.members.rules.admission import AdmissionDates
from liaoyuan.organisation.members.rules.fields import PersonData
from liaoyuan.organisation.members.services.bulk import (
    NewPerson,
    NewTenure,
    earliest_home,
    people_create,
    tenures_create,
)
from liaoyuan.organisation.roster.events import RosterImported
from liaoyuan.organisation.roster.plan import Plan
from liaoyuan.organisation.roster.rules.rows import PersonRow, PostingRow
from liaoyuan.organisation.roster.services.changes import (
    people_change,
    people_edited,
    postings_change,
    postings_overtaken,
    tenures_change,
    units_change,
    units_edited,
)
from liaoyuan.organisation.units.models import Post, Role, Site, Unit
from liaoyuan.organisation.units.services import assert_may_give, tree_lock
from liaoyuan.organisation.units.services.bulk import NewUnit, sites_ensure, units_create
from liaoyuan.organisation.whereabouts.models import Purpose
from liaoyuan.organisation.whereabouts.rules import active_on
from liaoyuan.organisation.whereabouts.services.bulk import Newcomer, NewPosting, postings_create, presence_insert
from liaoyuan.organisation.whereabouts.services.facts import postings_follow
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh, presence_tell

Say = Callable[[int, str], None]
SOURCE = "roster"
REASON = "花名册导入"
ASSUMED = "花名册导入（未载明调入日期，从党支部成立之日或年满18岁之日起算）"
BASIS = "花名册"
MANY = 2000  # more newcomers are told to the chronicle by one statement
Place = tuple[str, str]


class Overtaken(Conflict):
    """Another import, a posting of the same person, or a change by hand of what the file changes was written after the
    plan was made: it may be another plan by now."""


def last_import() -> int:
    """The number of the last import in the trail: note it before making a plan."""
    return last_number("roster.import")


def apply_plan(
    plan: Plan, *, actor: Actor, label: str, after: int | None = None, say: Say = lambda percent, step: None
) -> None:
    """Write ``plan`` for ``actor``; ``label`` names the file in the trail. The caller has checked the book and that the
    actor reaches every row. Raises DomainError where a verb still refuses (nothing is written then), Overtaken where
    another import was written since the one with the number ``after``, or somebody changed by hand what the plan
    changes. The tree lock puts imports in a row."""
    acting = replace(actor, everything=True)
    with roomy(), unit_of_work():
        tree_lock()
        if after is not None and last_import() != after:
            raise Overtaken(_("刚刚有另一份花名册写入，平台数据已变，没有写入。请重新核对。"))
        if units_edited(plan):
            raise Overtaken(_("核对以后有人改了花名册要改的组织，没有写入。请重新核对。"))
        writer = _Writer(plan, actor, acting, say)
        writer.units()
        if people_edited(plan):
            raise Overtaken(_("核对以后有人改了花名册要改的人员或任职，没有写入。请重新核对。"))
        writer.people()
        writer.tenures()
        writer.postings()
        writer.presences()
        units_change(plan.units.changed, acting, REASON, ending=True)
        writer.facts()
        _tell(plan, actor, label, writer)


class _Writer:
    """The ids that one step hands to the next."""

    def __init__(self, plan: Plan, actor: Actor, acting: Actor, say: Say) -> None:
        self.plan, self.actor, self.acting = plan, actor, acting
        self.today, self.began = today(), now()
        self.places: dict[str, Place] = {}
        self.persons = {number: key for number, (key, _) in plan.people_known.items()}
        self.accounts = {number: user for number, (_, user) in plan.people_known.items()}
        self.newcomers: list[NewPerson] = []
        self.touched: set[str] = set()
        self.meter = _Meter(plan, say)
        self.sites: dict[str, str] = {}
        self.active: dict[str, PostingRow] = {}

    def units(self) -> None:
        """Places, then units: new ones parents first, then what changes."""
        plan = self.plan
        self.meter.begin(_("写入组织"))
        self.sites = sites_ensure(plan.sites)
        wanted = [
            NewUnit(
                row.code, row.name, row.kind, row.parent, row.host_body, row.can_approve, row.founded_on,
                row.elected_on, row.site, row.approver, row.mission, row.planned_end_on, row.dissolved_on,
            )
            for row in plan.units.created
        ]  # fmt: skip
        self.places = units_create(
            actor=self.acting, wanted=wanted, sites=self.sites, reason=REASON, step=self.meter.step
        )
        if plan.units.changed:
            units_change(plan.units.changed, self.acting, REASON, ending=False)
            self.places = units_create(actor=self.acting, wanted=(), sites=self.sites, reason=REASON)
        if plan.moved:
            self.touched.add("")

    def people(self) -> None:
        """Accounts, then people with their histories; then what changes of those who were there."""
        rows = self.plan.people.created
        self.meter.begin(_("建立账号"))
        users = self._accounts(rows)
        for row in self.plan.postings.created:
            if row.since is not None and active_on(row.since, row.ended_on, self.today):
                known = self.active.get(row.number)
                if known is None or known.since is None or known.since <= row.since:
                    self.active[row.number] = row
        units = Unit.objects.unscoped("first days of memberships").order_by()
        founded = dict(units.values_list("code", "founded_on"))
        self.meter.begin(_("写入人员"))
        self.newcomers = [self._newcomer(row, users.get(row.number), founded.get(row.unit)) for row in rows]
        keys = people_create(self.newcomers, reason=ASSUMED, source=SOURCE, basis=BASIS, step=self.meter.step)
        self.persons.update(zip((row.number for row in rows), keys, strict=True))
        self.accounts.update(users)
        if self.plan.people.changed:
            self.meter.begin(_("更新人员"))
            people_change(self.plan.people.changed, self.acting, self.places, self.accounts, step=self.meter.step)
            self.touched |= {change.key for change in self.plan.people.changed}

    def _accounts(self, rows: list[PersonRow]) -> dict[str, str | None]:
        """Accounts for new people, and for those who had none. Returns 人员编号 → account id."""
        named = [row for row in rows if row.account]
        named += [change.new for change in self.plan.people.changed if "account" in change.fields]
        wanted = [(row.account, row.name) for row in named]
        ids = accounts_insert(actor=self.acting, wanted=wanted, reason=REASON, step=self.meter.step)
        return dict(zip((row.number for row in named), ids, strict=True))

    def _newcomer(self, row: PersonRow, user: str | None, founded: date | None) -> NewPerson:
        trip = self.active.get(row.number)
        return NewPerson(
            number=row.number,
            data=PersonData(
                name=row.name,
                sex=row.sex,
                ethnicity=row.ethnicity,
                birth_date=row.birth_date,
                id_number=row.id_number,
                phone=row.phone,
                native_place=row.native_place,
                education=row.education,
                category=row.category,
                rank=row.rank,
                position=row.position,
                dues_base=row.dues_base,
            ),
            standing=row.standing,
            dates=dates_of(row),
            unit=self.places[row.unit],
            group=self.places[row.group] if row.group else None,
            since=earliest_home(founded, row.birth_date, on=self.today),
            user=user,
            attached=self.places[trip.attached] if trip and trip.attached else None,
        )

    def tenures(self) -> None:
        """Posts and their grants. A post must not give more than the importing actor holds himself."""
        self.meter.begin(_("写入任职"))
        posts = {post.name: post for post in Post.objects.all()}
        roles = {role.code: role for role in Role.objects.all()}
        created = self.plan.tenures.created
        units = {}
        if created:
            wanted = {row.unit for row in created}
            rows = Unit.objects.unscoped("posts are held in units").order_by()
            units = {unit.code: unit for unit in (rows if len(wanted) > 500 else rows.filter(code__in=wanted))}
        given: set[tuple[str, UUID]] = set()
        tenures = []
        for row in created:
            unit, post = units[row.unit], posts[row.post]
            role = roles.get(post.roles.get(unit.kind) or post.roles.get("*") or "")
            if role is not None and not self.actor.everything and (role.code, unit.pk) not in given:
                assert_may_give(self.actor, role, unit)
                given.add((role.code, unit.pk))
            if row.since is not None:
                tenures.append(
                    NewTenure(
                        self.persons[row.number], self.accounts.get(row.number), unit.pk.hex, unit.name, unit.path,
                        post, role, row.since, row.until,
                    )
                )  # fmt: skip
        tenures_create(tenures, step=self.meter.step)
        tenures_change(self.plan.tenures.changed, self.acting)

    def postings(self) -> None:
        """Who is away, with the attachments."""
        self.meter.begin(_("写入外出"))
        fresh = {row.number for row in self.plan.people.created}
        if postings_overtaken(self.plan.postings, self.persons, fresh):
            raise Overtaken(_("刚刚有人登记了同一人的外出，没有写入。请重新核对。"))
        purposes = {purpose.name: purpose for purpose in Purpose.objects.all()}
        rows = [
            NewPosting(
                self.persons[row.number], purposes[row.purpose].pk.hex, self.sites[row.site],
                self.places[row.attached][0] if row.attached else None, row.since, row.planned_end, row.ended_on,
            )
            for row in self.plan.postings.created
            if row.since is not None
        ]  # fmt: skip
        postings_create(actor=self.acting, wanted=rows, reason=REASON, step=self.meter.step)
        self.touched |= postings_change(self.plan.postings, self.acting, self.persons, self.places, fresh, purposes)

    def presences(self) -> None:
        """The present places: derived from what is at hand for newcomers, from the tables for everybody else."""
        self.meter.begin(_("计算当前位置"))
        back: dict[str, date] = {}
        for row in self.plan.postings.created:
            if row.ended_on is not None and row.ended_on <= self.today:
                back[row.number] = max(row.ended_on, back.get(row.number, row.ended_on))
        purposes = {name: key.hex for name, key in Purpose.objects.values_list("name", "id")}
        spots = self._spots()
        presence_insert((self._place(one, back, purposes, spots) for one in self.newcomers), step=self.meter.step)
        if self.newcomers:  # open maps look again
            presence_tell({(one.group or one.unit)[1] for one in self.newcomers})
        if "" in self.touched:
            presence_refresh()
        elif self.touched:
            presence_refresh(UUID(key) for key in self.touched)

    def facts(self) -> None:
        """What the file tells of the past goes into the chronicle: milestones of people, units and postings."""
        self.meter.begin(_("写入纪实"), 0)
        plan = self.plan
        numbers = {row.number for row in plan.people.created} | {row.number for row in plan.tenures.created}
        numbers |= {row.number for row in plan.postings.created}
        numbers |= {change.new.number for part in (plan.people, plan.tenures, plan.postings) for change in part.changed}
        fresh = {row.number for row in plan.people.created}
        if len(fresh) > MANY:
            standings_begin(actor=self.actor, since=self.began)
            holders = {row.number for row in plan.tenures.created} & fresh
            tenures_follow(actor=self.actor, person_ids=self._ids(holders))
            numbers -= fresh
        people_follow(actor=self.actor, person_ids=self._ids(numbers))
        if plan.postings.created or plan.postings.changed:
            away = [row.number for row in plan.postings.created]
            away += [change.new.number for change in plan.postings.changed]
            postings_follow(actor=self.actor, person_ids=[UUID(self.persons[number]) for number in away])
        if plan.units.created or plan.units.changed:
            units_follow(actor=self.actor)

    def _ids(self, numbers: Iterable[str]) -> list[UUID]:
        return [UUID(self.persons[number]) for number in numbers if number in self.persons]

    def _spots(self) -> dict[str, tuple[float, float]]:
        names = {row.site for row in self.active.values()}
        rows = Site.objects.values_list("name", "lon", "lat")
        return {name: (lon, lat) for name, lon, lat in rows if name in names}

    def _place(
        self, one: NewPerson, back: dict[str, date], purposes: dict[str, str], spots: dict[str, tuple[float, float]]
    ) -> Newcomer:
        trip = self.active.get(one.number)
        stay = None
        if trip is not None and trip.since is not None:
            stay = (self.sites[trip.site], *spots[trip.site], trip.since, purposes[trip.purpose])
        home = one.group or one.unit
        return Newcomer(
            self.persons[one.number], home[0], home[1], one.attached[1] if one.attached else None, one.standing,
            one.data.rank, one.since, stay, back.get(one.number),
        )  # fmt: skip


def dates_of(row: PersonRow) -> AdmissionDates:
    """The five dates of a row."""
    return AdmissionDates(row.applied_on, row.activist_on, row.candidate_on, row.received_on, row.full_on)


def _tell(plan: Plan, actor: Actor, label: str, writer: _Writer) -> None:
    counts = {key: {"created": len(section.created), "changed": len(section.changed)} for key, section in plan.sections}
    paths = [writer.places[row.unit][1] for row in plan.people.created]
    paths += [writer.places[change.new.unit][1] for change in plan.people.changed if change.new.unit in writer.places]
    reach = minimal({path[:8] for path in paths})
    changed = [change.new.number for change in plan.people.changed][:200]
    audit.record(
        actor,
        "roster.import",
        object_type="roster",
        object_label=label,
        detail={**counts, "changed_people": changed},
    )
    bus.publish(
        RosterImported(
            reach,
            sum(len(section.created) for _, section in plan.sections),
            sum(len(section.changed) for _, section in plan.sections),
        )
    )


class _Meter:
    """Turns rows written into percent, 40 to 99: people weigh most, because each is several rows."""

    def __init__(self, plan: Plan, say: Say) -> None:
        people, rest = len(plan.people.created), len(plan.units.created) + len(plan.tenures.created)
        self.total = max(1, 5 * people + rest + len(plan.postings.created) + len(plan.people.changed))
        self.people = people
        self.done = 0
        self.weight = 1
        self.label = ""
        self.say = say

    def begin(self, label: str, weight: int = 1) -> None:
        """The next step."""
        self.weight = weight
        self.label = label
        self.say(self._percent(), label)

    def step(self, count: int) -> None:
        """So many rows more."""
        self.done += count * self.weight
        self.say(self._percent(), self.label)

    def _percent(self) -> int:
        return min(99, 40 + 59 * self.done // self.total)
