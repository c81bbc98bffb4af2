"""Trees for tests: two parallel battalions, because most leaks are sideways."""

from datetime import date
from types import SimpleNamespace

import factory
from factory.django import DjangoModelFactory

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.paths import child
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.units.models import Grant, GrantSource, Role, Site, Unit
from liaoyuan.organisation.units.spelling import spell

SYSTEM = Actor.system("测试")


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    name = factory.Sequence(lambda number: f"甲地{number}营区")
    lon = 117.39
    lat = 32.92


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"dy{number:06d}")
    display_name = factory.Sequence(lambda number: f"测试员{number}")
    must_change_password = False


class UnitFactory(DjangoModelFactory):
    """A unit at the end of its parent's children."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"U{number}")
    name = factory.LazyAttribute(lambda self: f"{self.code}党支部")
    kind = "branch"
    parent = None
    founded_on = date(2017, 9, 22)

    @factory.lazy_attribute
    def position(self):
        rows = Unit.objects.filter(parent=self.parent).order_by("-position").values_list("position", flat=True)
        return rows[0] + 1 if rows else 0

    @factory.lazy_attribute
    def path(self):
        return child(self.parent.path if self.parent else "", self.position)

    @factory.lazy_attribute
    def pinyin(self):
        return spell(self.name)[0]

    @factory.lazy_attribute
    def initials(self):
        return spell(self.name)[1]


def brigade() -> SimpleNamespace:
    """旅党委 with two battalions of two branches of two groups each, and a second root that nobody may see."""
    top = UnitFactory(code="L1", name="旅党委", kind="committee", can_approve_members=True)
    found = SimpleNamespace(top=top)
    for battalion, label in (("a", "合成一营"), ("b", "合成二营")):
        committee = UnitFactory(code=f"L1-{battalion.upper()}", name=f"{label}党委", kind="committee", parent=top)
        setattr(found, battalion, committee)
        for number, company in ((1, "一连"), (2, "二连")):
            branch = UnitFactory(
                code=f"{committee.code}-{number}", name=f"{label}{company}党支部", kind="branch", parent=committee
            )
            setattr(found, f"{battalion}{number}", branch)
            for place in (1, 2):
                group = UnitFactory(
                    code=f"{branch.code}-X{place}",
                    name=f"{label}{company}第{'一二'[place - 1]}党小组",
                    kind="group",
                    parent=branch,
                )
                setattr(found, f"{battalion}{number}x{place}", group)
    found.other = UnitFactory(code="L2", name="友邻旅党委", kind="committee")
    return found


def hold(unit: Unit, role: str, *, user: User | None = None, source=GrantSource.TENURE, **values) -> User:
    """An account that holds ``role`` over ``unit``."""
    user = user or UserFactory()
    values = {"since": date(2020, 1, 1), "reason": f"任{unit.name}职务", **values}
    Grant.objects.create(
        user=user, role=Role.objects.get(code=role), unit=unit, path=unit.path, source=source, **values
    )
    return user


def act(user: User) -> Actor:
    """The actor of ``user`` with his grants of today."""
    return actor_for(user, via="web")


def acting(unit: Unit, role: str) -> Actor:
    """A fresh account's actor with ``role`` over ``unit``."""
    return act(hold(unit, role))
