"""One log-in for every persona of the permission matrix."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.foundation.accounts.services import (
    DemoLogin,
    NewAccount,
    accounts_create,
    administrator_appoint,
    demo_account_prepare,
    register_demo_logins,
)
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.whereabouts.models import Posting

PASSWORD = "Liaoyuan@2026"  # noqa: S105  shown on the log-in page of the demonstration
TOP = "L01"
_WHY = "the personas of the demonstration"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the brigade to log in as; ``find`` picks the person."""

    key: str
    title: str
    hint: str
    find: Callable[[], Person | None]


def prepare(actor: Actor) -> list[DemoLogin]:
    """Give every persona a known password and, where needed, a second factor; list them on the log-in page."""
    logins: list[DemoLogin] = []
    with unit_of_work():
        for persona in PERSONAS:
            person = persona.find()
            if person is None or person.user is None:
                raise DomainError(_("演示旅里没有合适的“%(title)s”。") % {"title": persona.title})
            demo_account_prepare(actor=actor, user=person.user, password=PASSWORD)
            title = f"{persona.title} · {person.name}"
            logins.append(DemoLogin(person.user.username, PASSWORD, title, persona.hint))
        logins += _administrators(actor)
        register_demo_logins(logins)
    return logins


def _administrators(actor: Actor) -> list[DemoLogin]:
    wanted = (
        ("sysadmin", _("系统管理员"), AdminKind.SYSTEM, _("系统运行状况、底图、任务队列。")),
        ("secadmin", _("安全管理员"), AdminKind.SECURITY, _("账号、锁定、谁有什么权限。")),
        ("auditadmin", _("审计管理员"), AdminKind.AUDIT, _("审计记录与完整性验证。")),
    )
    users = accounts_create(actor=actor, wanted=[NewAccount(name, title, True) for name, title, _kind, _hint in wanted])
    logins = []
    for user, (name, title, kind, hint) in zip(users, wanted, strict=True):
        administrator_appoint(actor=actor, user=user, kind=kind, reason=_("演示账号"))
        demo_account_prepare(actor=actor, user=User.objects.get(pk=user.pk), password=PASSWORD)
        logins.append(DemoLogin(name, PASSWORD, title, hint))
    return logins


def _holder(unit: str, post: str, *others: str) -> Callable[[], Person | None]:
    """Who holds ``post`` in ``unit`` today, and no other post; where the post is vacant there (brigades of
    another size or seed have their vacancies elsewhere), in one of ``others``."""

    def find() -> Person | None:
        for code in (unit, *others):
            held = _running().filter(unit__code=code, post__name=post).order_by("since", "person__number")
            for tenure in held.select_related("person__user"):
                if _running().filter(person=tenure.person).count() == 1:
                    return tenure.person
            first = held.select_related("person__user").first()
            if first is not None:
                return first.person
        return None

    return find


def _running() -> QuerySet[Tenure]:
    return Tenure.objects.filter(until__isnull=True, since__lte=today())


def _leader() -> Person | None:
    """A group's leader in the first battalion who holds no other post and is at home."""
    rows = _running().filter(unit__code__startswith=f"{TOP}-Y1-Z1-X", post__code="group_leader")
    for tenure in rows.select_related("person__user").order_by("unit__code"):
        if _running().filter(person=tenure.person).count() == 1:
            return tenure.person
    return None


def _ordinary(branch: str) -> Callable[[], Person | None]:
    """A full member of ``branch`` without any post, not away."""

    def find() -> Person | None:
        people = Person.objects.unscoped(_WHY).select_related("user")
        people = people.filter(unit__code=branch, standing="full", user__isnull=False, tenures__isnull=True)
        away = Posting.objects.unscoped(_WHY).filter(ended_on__isnull=True).values("person_id")
        return people.exclude(pk__in=away).order_by("number").first()

    return find


PERSONAS = (
    Persona("member", "普通党员", "我的一天、打卡、本支部的地图。", _ordinary(f"{TOP}-Y1-Z1")),
    Persona("other_member", "外支部党员", "另一个支部：看不到别人的支部。", _ordinary(f"{TOP}-Y2-Z1")),
    Persona("group_leader", "党小组长", "本小组人员与外出。", _leader),
    Persona(
        "branch_secretary",
        "支部书记",
        "本支部档案、外出登记、初始口令。",
        _holder(f"{TOP}-Y1-Z1", "书记", f"{TOP}-Y1-Z2", f"{TOP}-Y1-Z3", f"{TOP}-Y1-Z4"),
    ),
    # The fourth battalion's: those of the first three also sit on the brigade's committee and see the whole brigade.
    Persona("battalion_secretary", "营党委书记", "全营各支部、外出、委托。", _holder(f"{TOP}-Y4", "书记")),
    Persona("clerk", "旅组织干事", "组织树、花名册导入、授权。", _holder(TOP, "组织干事")),
    Persona("inspector", "检查组成员", "只看不改。", _holder(TOP, "检查组成员")),
    Persona("leader", "旅领导", "全旅党员地图、大屏。", _holder(TOP, "书记")),
)
