"""People, units and accounts for everybody's tests, and ``two_branches()``: two parallel subtrees with every persona.

The factories write rows directly (no services), so that a test of one app never depends on another's services. Paths,
membership, standing and grants agree with each other as the services would leave them.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import factory
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.crypto import blind_index
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import (
    Membership,
    MembershipKind,
    Person,
    PersonCategory,
    Standing,
    StandingKind,
    Tenure,
)
from liaoyuan.organisation.members.rules.identity import check_character, id_tail
from liaoyuan.organisation.members.rules.naming import name_keys, name_tails
from liaoyuan.organisation.members.tests.built_once import built_once
from liaoyuan.organisation.units.models import Grant, GrantSource, Post, Role, Site, Unit, UnitKind

BACKEND = "liaoyuan.foundation.accounts.backends.AccountBackend"
LONG_AGO = date(2015, 3, 1)


def id_number(birth: date, sequence: int = 1, *, area: str = "999001") -> str:
    """A number with a right check character; odd sequences are men. Area 999xxx belongs to no place."""
    body = f"{area}{birth:%Y%m%d}{sequence % 1000:03d}"
    return body + check_character(body)


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"测试点位{n}")
    lon = 117.39
    lat = 32.92


class UnitFactory(factory.django.DjangoModelFactory):
    """A unit below ``parent``; its path follows its siblings' count."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"T{n:04d}")
    name = factory.LazyAttribute(lambda unit: f"{unit.code}{UnitKind(unit.kind).label}")
    kind = UnitKind.BRANCH
    parent = None
    position = factory.LazyAttribute(lambda unit: Unit.objects.unscoped("test").filter(parent=unit.parent).count())
    path = factory.LazyAttribute(lambda unit: paths.child(unit.parent.path if unit.parent else "", unit.position))
    founded_on = LONG_AGO


def person_paths(person: Person) -> None:
    """Set the paths that follow from the units."""
    home = person.group or person.unit
    person.home_path = home.path if home else ""
    person.attached_path = person.attached_unit.path if person.attached_unit else None


class PersonFactory(factory.django.DjangoModelFactory):
    """A full member of ``unit`` with open home membership and standing rows; ``standing=…`` for others."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    number = factory.Sequence(lambda n: f"T{n:06d}")
    name = factory.Sequence(
        lambda n: "赵钱孙李周吴郑王"[n % 8] + "测试样例甲乙丙丁"[n // 8 % 8] + "一二三四五六七八"[n // 64 % 8]
    )
    sex = "1"
    ethnicity = "01"
    birth_date = date(1990, 5, 1)
    id_number = factory.Sequence(lambda n: id_number(date(1990, 5, 1), n * 2 + 1, area=f"999{n // 400:03d}"))
    phone = factory.Sequence(lambda n: f"1990000{n % 10000:04d}")
    native_place = "安徽合肥"
    education = "21"
    category = PersonCategory.NCO
    rank = "中士"
    rank_order = 16
    position = "班长"
    unit = factory.SubFactory(UnitFactory)
    standing = StandingKind.FULL
    joined_on = factory.LazyAttribute(
        lambda person: date(2014, 7, 1) if person.standing in {"full", "probationary"} else None
    )
    full_since = factory.LazyAttribute(lambda person: date(2015, 7, 1) if person.standing == "full" else None)

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        since = kwargs.pop("since", date(2020, 1, 1))
        person = model_class(*args, **kwargs)
        person.pinyin, person.initials = name_keys(person.name)
        person.name_2, person.name_3, person.name_4 = name_tails(person.name)
        person.id_index = blind_index(person.id_number, purpose="person.id")
        person.id_tail_index = blind_index(id_tail(person.id_number), purpose="person.id_tail")
        person_paths(person)
        person.save()
        if person.unit and person.active:
            Membership.objects.create(
                person=person, kind=MembershipKind.HOME, unit=person.unit, group=person.group, since=since
            )
        if person.attached_unit:
            Membership.objects.create(
                person=person, kind=MembershipKind.ATTACHED, unit=person.attached_unit, since=clock.today()
            )
        Standing.objects.create(person=person, kind=person.standing, since=person.full_since or since)
        return person


@cache
def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(files("liaoyuan.organisation.units").joinpath("data", name).read_text(encoding="utf-8"))


def load_role(code: str) -> Role:
    """The role ``code`` as the product's data file has it."""
    item = _shipped("roles.toml")[code]
    role, _ = Role.objects.get_or_create(
        code=code,
        defaults={
            "name": item["name"],
            "description": item.get("description", ""),
            "capabilities": item["capabilities"],
            "needs_totp": item.get("needs_totp", False),
        },
    )
    return role


def load_post(code: str) -> Post:
    """The post ``code`` as the product's data file has it."""
    item = _shipped("posts.toml")[code]
    post, _ = Post.objects.get_or_create(
        code=code,
        defaults={
            "name": item["name"],
            "order": item["order"],
            "roles": item["roles"],
            "needs_full_member": item.get("needs_full_member", True),
        },
    )
    return post


def account_for(person: Person, username: str = "") -> User:
    """An account for ``person`` that may work at once (no password to change)."""
    user = User.objects.create(
        username=username or f"dy{person.number.lower()}",
        display_name=person.name,
        must_change_password=False,
        must_use_totp=False,
        password="!",
    )
    person.user = user
    person.save(update_fields=["user"])
    return user


def admin_account(kind: AdminKind) -> User:
    """One of the three administrators; no person behind it. The second factor he must have is set up."""
    user = User.objects.create(
        username=f"{kind.value}-admin",
        display_name=AdminKind(kind).label,
        admin_kind=kind,
        must_change_password=False,
        must_use_totp=False,
        password="!",
    )
    TOTP.activate(user, generate_totp_secret())
    return user


def appoint(person: Person, unit: Unit, post_code: str, role_code: str, *, since: date = LONG_AGO) -> Tenure:
    """Give ``person`` the post in ``unit`` and the grant that follows."""
    tenure = Tenure.objects.create(person=person, unit=unit, post=load_post(post_code), since=since)
    if person.user_id:
        Grant.objects.create(
            user_id=person.user_id,
            role=load_role(role_code),
            unit=unit,
            path=unit.path,
            since=since,
            source=GrantSource.TENURE,
            source_id=tenure.id,
        )
    return tenure


@dataclass(slots=True)
class House:
    """Brigade › battalions a, b › branches a, b › groups a, b. ``people`` and ``users`` are keyed by persona:
    member, group_leader, branch_secretary, battalion_secretary (side a); the same with ``_b`` (side b);
    organisation_clerk and inspector (over the whole brigade; they live in branch b);
    ``users`` only: system_admin, security_admin, audit_admin. ``plain_a``/``plain_b``: members without an account."""

    root: Unit
    battalion_a: Unit
    battalion_b: Unit
    branch_a: Unit
    branch_b: Unit
    group_a: Unit
    group_b: Unit
    people: dict[str, Person]
    users: dict[str, User]

    def actor(self, persona: str, *, via: str = "web") -> Actor:
        """The persona as the middleware would build him."""
        return actor_for(self.users[persona], via=via)

    def login(self, client: Client, persona: str) -> Client:
        """Log ``client`` in as the persona and give it back."""
        client.force_login(self.users[persona], backend=BACKEND)
        return client


PERSONAS = (
    "member",
    "member_b",
    "group_leader",
    "branch_secretary",
    "battalion_secretary",
    "organisation_clerk",
    "inspector",
    "system_admin",
    "security_admin",
    "audit_admin",
)


@built_once({Role: lambda role: load_role(role.code), Post: lambda post: load_post(post.code)})
def _two_branches() -> House:
    site_a, site_b = SiteFactory(name="甲营区"), SiteFactory(name="乙营区", lon=118.32, lat=32.3)
    root = UnitFactory(code="L", name="试验旅党委", kind=UnitKind.COMMITTEE, site=site_a, can_approve_members=True)
    sides: dict[str, tuple[Unit, Unit, Unit]] = {}
    for side, name, site in (("A", "甲", site_a), ("B", "乙", site_b)):
        battalion = UnitFactory(code=f"L-{side}", name=f"{name}营党委", kind=UnitKind.COMMITTEE, parent=root, site=site)
        branch = UnitFactory(code=f"L-{side}-Z1", name=f"{name}营一连党支部", parent=battalion, site=site)
        group = UnitFactory(code=f"L-{side}-Z1-X1", name=f"{name}一班党小组", kind=UnitKind.GROUP, parent=branch)
        sides[side] = (battalion, branch, group)
    people: dict[str, Person] = {}
    users: dict[str, User] = {}
    for side, suffix, name in (("A", "", "甲"), ("B", "_b", "乙")):
        battalion, branch, group = sides[side]
        for persona, title, where, order in (
            ("battalion_secretary", "教导员", None, 6),
            ("branch_secretary", "指导员", None, 8),
            ("group_leader", "班长", group, 15),
            ("member", "战士", group, 16),
        ):
            person = PersonFactory(
                name=f"{name}{title}",
                position=title,
                unit=branch,
                group=where,
                rank_order=order,
                number=f"{side}-{persona}".upper().replace("_", "-"),
            )
            people[persona + suffix] = person
            users[persona + suffix] = account_for(person, f"{side.lower()}-{persona}")
        appoint(people[f"battalion_secretary{suffix}"], battalion, "secretary", "committee_secretary")
        appoint(people[f"branch_secretary{suffix}"], branch, "secretary", "branch_secretary")
        appoint(people[f"group_leader{suffix}"], group, "group_leader", "group_leader")
        people[f"plain_{side.lower()}"] = PersonFactory(
            name=f"{name}无账号", unit=branch, group=group, number=f"{side}-PLAIN"
        )
    for persona, title in (("organisation_clerk", "组织干事"), ("inspector", "检查组成员")):
        person = PersonFactory(
            name=f"旅{title}", position=title, unit=sides["B"][1], number=f"L-{persona}".upper().replace("_", "-")
        )
        people[persona] = person
        users[persona] = account_for(person, persona)
        appoint(person, root, persona, persona)
    for kind in (AdminKind.SYSTEM, AdminKind.SECURITY, AdminKind.AUDIT):
        users[f"{kind.value}_admin"] = admin_account(kind)
    return House(
        root, sides["A"][0], sides["B"][0], sides["A"][1], sides["B"][1], sides["A"][2], sides["B"][2], people, users
    )


def two_branches() -> House:
    """Two parallel subtrees under one brigade, with people and accounts for every persona of the permission matrix."""
    load_role("member")  # nobody is given it by a grant: everybody has it over his branch
    return _two_branches()
