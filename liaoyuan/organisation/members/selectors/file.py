"""The member file: who may open it, what it shows, and that it was opened."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import read
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet, fetch
from liaoyuan.organisation.members import codes, policies
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Standing, StandingKind, Tenure
from liaoyuan.organisation.members.policies import Capability
from liaoyuan.organisation.members.registry import timeline_items
from liaoyuan.organisation.members.rules.admission import years_between
from liaoyuan.organisation.members.rules.identity import mask_id, mask_phone


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person's data in words; ID number and phone masked."""

    sex: str
    ethnicity: str
    age: int | None
    education: str
    category: str
    id_masked: str
    phone_masked: str
    years_in_party: int | None
    dues_base: str


@dataclass(frozen=True, slots=True)
class PersonActs:
    """What the actor may do with a person."""

    view_file: bool
    reveal: bool
    manage: bool
    decide: bool


def _with_units() -> ScopedQuerySet:
    rows: ScopedQuerySet = Person.objects.unscoped("fetch() narrows them to the actor")
    return rows.select_related("unit", "group", "attached_unit", "user")


def person_card(actor: Actor, person_id: UUID) -> Person:
    """The person as far as a name card shows him. NotInScope outside the reach of ``members.view``."""
    rows = _with_units().defer("id_number", "phone")
    found: Person = fetch(rows, actor, see=Capability.VIEW, pk=person_id)
    return found


def person_file(actor: Actor, person_id: UUID, *, action: str = "members.view_file", part: str = "") -> Person:
    """The person whose file the actor opens; the look is recorded and shown to that person.

    Raises NotInScope (404) outside the actor's reach, NotPermitted (403, with the reason) inside it without
    ``members.view_file``.
    """
    person: Person = fetch(_with_units(), actor, see=Capability.VIEW, pk=person_id)
    policies.can_view_file(actor, person).require()
    if actor.person_id != person.pk:
        read(actor, action, person, **({"part": part} if part else {}))
    return person


def person_by_number(actor: Actor, number: str) -> Person:
    """``person_file`` by 人员编号, for the API."""
    rows = Person.objects.unscoped("fetch() narrows them to the actor").only("pk")
    person: Person = fetch(rows, actor, see=Capability.VIEW, number=number.strip().upper())
    return person_file(actor, person.pk)


def own_person_id(actor: Actor) -> UUID:
    """The actor's own person. NotInScope where the account belongs to nobody (administrators)."""
    if actor.person_id is None:
        raise NotInScope(_("您的账号没有关联人员档案。管理员账号本来就没有；其他人请联系支部书记。"))
    return actor.person_id


def acts_on(actor: Actor, person: Person) -> PersonActs:
    """What the actor may do, for showing buttons; every service decides again."""
    return PersonActs(
        view_file=bool(policies.can_view_file(actor, person)),
        reveal=bool(policies.can_reveal(actor, person)),
        manage=bool(policies.can_manage(actor, person)),
        decide=bool(policies.can_decide(actor, person)),
    )


def facts_of(person: Person) -> PersonFacts:
    """The person's data in words."""
    today = clock.today()
    full = person.full_since if person.standing == StandingKind.FULL else None
    return PersonFacts(
        sex=codes.sex_label(person.sex),
        ethnicity=codes.ethnicity_label(person.ethnicity),
        age=years_between(person.birth_date, today) if person.birth_date else None,
        education=codes.education_label(person.education),
        category=codes.category_label(person.category),
        id_masked=mask_id(person.id_number),
        phone_masked=mask_phone(person.phone),
        years_in_party=years_between(full, today) if full else None,
        dues_base=f"{person.dues_base / 100:,.2f}" if person.dues_base is not None else "",
    )


def memberships_of(person: Person) -> list[Membership]:
    """Every membership, newest first; ``person`` was authorised."""
    return list(person.memberships.select_related("unit", "group").order_by("-since", "kind"))


def standings_of(person: Person) -> list[Standing]:
    """Every standing, newest first."""
    rows = list(person.standings.all())
    return sorted(rows, key=lambda row: (row.until is None, row.since or date.min), reverse=True)


def tenures_of(person: Person) -> list[Tenure]:
    """Every post, those held now first, then newest first."""
    rows = list(person.tenures.select_related("unit", "post"))
    today = clock.today()
    return sorted(rows, key=lambda row: (row.until is None or row.until >= today, row.since), reverse=True)


def tenure_get(actor: Actor, person: Person, tenure_id: UUID) -> Tenure:
    """One post of an authorised person."""
    row = person.tenures.select_related("unit", "post").filter(pk=tenure_id).first()
    if row is None:
        raise NotInScope()
    return row


def person_timeline(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """Everything dated about a person, newest first: belonging, standing, posts, and what other apps add. What has no
    known day comes last."""
    items = [
        *_belonging(memberships_of(person)),
        *_admission(standings_of(person)),
        *_posts(tenures_of(person)),
        *timeline_items(actor, person),
    ]
    if person.left_on:
        items.append({"date": person.left_on, "title": _("离队"), "body": person.left_reason, "icon": "logout"})
    return sorted(items, key=lambda item: item["date"] or date.min, reverse=True)


def _belonging(rows: list[Membership]) -> list[dict[str, Any]]:
    items = []
    for row in rows:
        unit = f"{row.unit.name} · {row.group.name}" if row.group else row.unit.name
        attached = row.kind == MembershipKind.ATTACHED
        title = _("挂靠到%s") % unit if attached else _("组织关系在%s") % unit
        items.append(
            {
                "date": row.since,
                "title": title,
                "body": row.reason,
                "icon": "user-share" if attached else "home",
                "level": "info",
            }
        )
        if attached and row.until:
            items.append({"date": row.until, "title": _("结束在%s的挂靠") % row.unit.name, "icon": "home-check"})
    return items


def _admission(rows: list[Standing]) -> list[dict[str, Any]]:
    party = {StandingKind.PROBATIONARY, StandingKind.FULL}
    return [
        {
            "date": row.since,
            "title": _STEP.get(StandingKind(row.kind)) or StandingKind(row.kind).label,
            "body": row.basis,
            "icon": "flag-2" if row.kind in party else "user",
            "level": "honour" if row.kind in party else "info",
        }
        for row in rows
        if row.since is not None
    ]


_STEP = {
    StandingKind.APPLICANT: "递交入党申请书",
    StandingKind.ACTIVIST: "确定为入党积极分子",
    StandingKind.CANDIDATE: "确定为发展对象",
    StandingKind.PROBATIONARY: "支部大会接收为预备党员",
    StandingKind.FULL: "转为正式党员",
}


def _posts(rows: list[Tenure]) -> list[dict[str, Any]]:
    items = []
    for row in rows:
        what = f"{row.unit.name}{row.post.name}"
        items.append({"date": row.since, "title": _("任%s") % what, "body": row.note, "icon": "award", "level": "ok"})
        if row.until is not None and row.until <= clock.today():
            items.append({"date": row.until, "title": _("免去%s") % what, "icon": "circle-minus"})
    return items
