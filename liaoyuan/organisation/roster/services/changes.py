"""What existing units, people, posts and postings become."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.services.bulk import accounts_show
from liaoyuan.kernel.bulk import Step
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.members.rules.admission import AdmissionDates
from liaoyuan.organisation.members.services.bulk import (
    attached_set,
    iso,
    name_columns,
    person_columns_set,
    secret_columns,
    standings_replace,
)
from liaoyuan.organisation.members.services.membership import do_move
from liaoyuan.organisation.members.services.tenure import grants_follow
from liaoyuan.organisation.roster.plan import Change, Plan, Section
from liaoyuan.organisation.roster.rules.rows import PersonRow, PostingRow, TenureRow, UnitRow
from liaoyuan.organisation.roster.selectors.rows import people_rows, tenure_rows, unit_rows
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.units.services import (
    grants_of_tenure,
    unit_dissolve,
    unit_for_path,
    unit_move,
    unit_update,
)
from liaoyuan.organisation.whereabouts.models import Posting, Purpose
from liaoyuan.organisation.whereabouts.rules import Span, active_on, overlapping
from liaoyuan.organisation.whereabouts.services.bulk import posting_set
from liaoyuan.organisation.whereabouts.services.presence import lock_people

_WHY = "the roster has authorised and checked"
_UNIT_FIELDS = {
    "name": "name", "kind": "kind", "host_body": "host_body", "can_approve": "can_approve_members",
    "founded_on": "founded_on", "elected_on": "elected_on", "mission": "mission", "planned_end_on": "planned_end_on",
}  # fmt: skip
_PLAIN = frozenset({"sex", "ethnicity", "native_place", "education", "category", "position", "dues_base"})
_STANDING = frozenset({"standing", "applied_on", "activist_on", "candidate_on", "received_on", "full_on"})


def units_edited(plan: Plan) -> bool:
    """Whether a unit that ``plan`` changes is another by now than the plan compared with: what was edited by hand is
    not written over unseen."""
    units = {change.key: change.old for change in plan.units.changed}
    if not units:
        return False
    return any(units.pop(key.hex, unit) != unit for key, unit in unit_rows()) or bool(units)


def people_edited(plan: Plan) -> bool:
    """As ``units_edited``, for people and their posts. Locks the people until the end of the transaction."""
    people = {change.new.number: change.old for change in plan.people.changed}
    posts = {change.key: change.old for change in plan.tenures.changed}
    mine = [change.person for change in plan.people.changed] + [change.person for change in plan.tenures.changed]
    lock_people(sorted({UUID(person) for person in mine}))
    for _key, _user, person in people_rows(numbers=sorted(people)):
        if people.pop(person.number) != person:
            return True
    for key, _person, post in tenure_rows(numbers=sorted({row.number for row in posts.values()})):
        if posts.pop(key.hex, post) != post:
            return True
    return bool(people or posts)


def units_change(changes: Sequence[Change[UnitRow]], actor: Actor, reason: str, *, ending: bool) -> None:
    """First moves and data (``ending=False``), parents before children; later, when people have moved out, the ends,
    children before parents. What the file changes in a unit that it ends held on its last day already."""
    ordered = sorted(changes, key=lambda change: change.new.code, reverse=ending)
    rows = Unit.objects.unscoped(_WHY)
    for change in ordered:
        unit = rows.select_related("parent").get(pk=UUID(change.key))
        if ending:
            if "dissolved_on" in change.fields:
                unit_dissolve(actor=actor, unit=unit, on=change.new.dissolved_on, reason=reason)
            continue
        last = change.new.dissolved_on if "dissolved_on" in change.fields else None
        values: dict[str, Any] = {
            _UNIT_FIELDS[key]: new for key, (_, new) in change.fields.items() if key in _UNIT_FIELDS
        }
        if "site" in change.fields:
            values["site"] = Site.objects.filter(name=change.new.site).first()
        if "approver" in change.fields:
            values["approved_by"] = rows.filter(code=change.new.approver).first()
        if values:
            unit = unit_update(actor=actor, unit=unit, reason=reason, on=last, **values)
        if "parent" in change.fields:
            unit_move(actor=actor, unit=unit, to_parent=rows.get(code=change.new.parent), reason=reason, on=last)


def people_change(
    changes: Sequence[Change[PersonRow]],
    actor: Actor,
    places: Mapping[str, tuple[str, str]],
    accounts: Mapping[str, str | None],
    *,
    step: Step | None = None,
) -> None:
    """Columns in bulk; standings anew; moves and new accounts one by one, because posts, groups and grants follow."""
    columns: dict[str, dict[str, Any]] = {}
    standings: dict[str, tuple[str, AdmissionDates]] = {}
    shown: list[tuple[str, str]] = []
    for change in changes:
        row, fields = change.new, change.fields
        values = _columns(change)
        if "account" in fields:
            values["user"] = accounts[row.number]
        if "name" in fields and change.user:
            shown.append((change.user, row.name))
        if values:
            columns[change.key] = values
        if fields.keys() & _STANDING:
            merged = {key: (getattr(row, key) if key in fields else getattr(change.old, key)) for key in _STANDING}
            dates = (merged[key] for key in ("applied_on", "activist_on", "candidate_on", "received_on", "full_on"))
            standings[change.key] = (merged["standing"], AdmissionDates(*dates))
    person_columns_set(columns, step=step)
    standings_replace(standings, basis="花名册")
    accounts_show(shown)
    for change in changes:
        if change.fields.keys() & {"unit", "group"}:
            _move(change, actor, places)
        if "account" in change.fields:
            grants_follow(actor, Person.objects.unscoped(_WHY).select_related("user").get(pk=UUID(change.key)))


def _columns(change: Change[PersonRow]) -> dict[str, Any]:
    row, fields = change.new, change.fields
    values: dict[str, Any] = {key: getattr(row, key) for key in sorted(fields.keys() & _PLAIN)}
    if "birth_date" in fields:
        values["birth_date"] = iso(row.birth_date)
    if "rank" in fields:
        values.update(rank=row.rank, rank_order=codes.rank_order(row.rank))
    if "name" in fields:
        values.update(name_columns(row.name))
    values.update(secret_columns({key: getattr(row, key) for key in ("id_number", "phone") if key in fields}))
    return values


def _move(change: Change[PersonRow], actor: Actor, places: Mapping[str, tuple[str, str]]) -> None:
    """From today on: a roster says where somebody is now, not since when."""
    unit_code = change.new.unit if "unit" in change.fields else change.old.unit
    group_code = change.new.group if "group" in change.fields else change.old.group
    unit = unit_for_path(UUID(places[unit_code][0]))
    group = unit_for_path(UUID(places[group_code][0])) if group_code else None
    person = Person.objects.unscoped(_WHY).select_for_update().get(pk=UUID(change.key))
    do_move(actor, person, unit, on=today(), reason=_("花名册导入"), group=group, source="roster")


def tenures_change(changes: Sequence[Change[TenureRow]], actor: Actor) -> None:
    """Posts end, or go on, on the day the file says; their grants with them."""
    for change in changes:
        tenure = Tenure.objects.select_related("post", "unit", "person__user").get(pk=UUID(change.key))
        tenure.until = change.new.until
        tenure.save(update_fields=["until"])
        grants_of_tenure(
            user=tenure.person.user,
            tenure_id=tenure.pk,
            post=tenure.post,
            unit=tenure.unit,
            since=tenure.since,
            until=tenure.until,
            actor=actor,
        )


def postings_overtaken(section: Section[PostingRow], persons: Mapping[str, str], fresh: set[str]) -> bool:
    """Whether somebody who is posted away by the file has been posted away otherwise since the plan was made. Locks the
    people concerned, who exist already (not ``fresh``), so that it stays true."""
    created = [row for row in section.created if row.number not in fresh and row.since is not None]
    ids = sorted({UUID(persons[row.number]) for row in created})
    branches = {row.attached for row in [*created, *(change.new for change in section.changed)] if row.attached}
    if branches:  # before the people, as whoever posts somebody away by hand
        units = Unit.objects.unscoped(_WHY).filter(code__in=sorted(branches)).order_by("pk")
        list(units.select_for_update().values_list("pk"))
    lock_people(ids)
    rewritten = {(change.person, change.new.since) for change in section.changed}
    held: dict[str, list[Span]] = {}
    for start in range(0, len(ids), 500):
        rows = Posting.objects.unscoped(_WHY).filter(person_id__in=ids[start : start + 500])
        for person, since, planned, ended in rows.values_list("person_id", "since", "planned_end", "ended_on"):
            if (person.hex, since) not in rewritten:
                held.setdefault(person.hex, []).append(Span(since, planned, ended))
    return any(
        overlapping(Span(row.since, row.planned_end, row.ended_on), held.get(persons[row.number], ()), today())
        for row in created
        if row.since is not None
    )


def postings_change(
    section: Section[PostingRow],
    actor: Actor,
    persons: Mapping[str, str],
    places: Mapping[str, tuple[str, str]],
    fresh: set[str],
    purposes: Mapping[str, Purpose],
) -> set[str]:
    """Existing postings become what the file says; existing people with a new one show where they are attached.
    Returns the ids of existing people whose present place may be another."""
    touched = {persons[row.number] for row in section.created if row.number not in fresh}
    attached = []
    for row in section.created:
        if row.number not in fresh and row.attached and row.since and active_on(row.since, row.ended_on, today()):
            attached.append((persons[row.number], *places[row.attached]))
    attached_set(attached)
    for change in section.changed:
        merged = {key: (new if key in change.fields else getattr(change.old, key)) for key, new in _values(change)}
        unit = Unit.objects.unscoped(_WHY).filter(code=merged["attached"]).first() if merged["attached"] else None
        posting_set(
            actor=actor,
            posting_id=change.key,
            purpose=purposes[merged["purpose"]],
            site=Site.objects.get(name=merged["site"]),
            attached=unit,
            planned_end=merged["planned_end"],
            ended_on=merged["ended_on"],
            reason=_("花名册导入"),
        )
        touched.add(change.person)
    return touched


def _values(change: Change[PostingRow]) -> list[tuple[str, Any]]:
    return [(key, getattr(change.new, key)) for key in ("purpose", "site", "attached", "planned_end", "ended_on")]
