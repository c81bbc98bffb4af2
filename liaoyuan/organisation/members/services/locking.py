"""Fetching a person to change: authorised, locked, fresh.

Order of locks: unit rows (``units.services.lock``) → the person's row → account rows → the audit chain. A move of the
tree locks units first and writes people afterwards, so whoever needs both takes the unit first.
"""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.results import Decision
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import Capability
from liaoyuan.organisation.members.rules.fields import day_problem


def locked_person(actor: Actor, person_id: UUID, policy: Callable[[Actor, Person], Decision]) -> Person:
    """The person, locked until the end of the transaction. NotInScope where the actor may not see him, NotPermitted
    where ``policy`` refuses; pages and the API record refusals (``audit.handlers``)."""
    rows = Person.objects.visible_to(actor, Capability.VIEW).select_for_update()
    person: Person | None = rows.filter(pk=person_id).first()
    if person is None:
        raise NotInScope()
    policy(actor, person).require()
    return person


def check_unchanged(person: Person, expected: datetime | None) -> None:
    """Refuse to overwrite what somebody else saved since the form was opened."""
    if expected is not None and person.updated_at != expected:
        raise Conflict(_("您打开页面后，别人已修改了这份档案，没有保存。请刷新后对照最新内容重新填写。"))


def check_active(person: Person) -> None:
    """Who has left is only brought back, not changed."""
    if not person.active:
        raise Conflict(_("%(name)s 已离队，档案不再变动。需要时请先办理“归队”。") % {"name": person.name})


def check_conceivable(day: date, *, field: str = "on", birth: date | None = None) -> date:
    """A day on which something can have happened to somebody born on ``birth``: no year 26, nothing before it."""
    problem = day_problem(day, birth=birth)
    if problem:
        raise DomainError(problem, field=field)
    return day


def check_day(on: date, *, field: str = "on", birth: date | None = None) -> date:
    """A conceivable day that has come. What takes effect later is done on that day."""
    check_conceivable(on, field=field, birth=birth)
    if on > clock.today():
        raise DomainError(_("生效日期还没有到，请在当天或之后办理。"), field=field)
    return on


def check_reason(reason: str, *, field: str = "reason") -> str:
    """A reason in words: at least two letters, characters or digits, for dots and invisible characters tell nothing."""
    text = " ".join(reason.split())
    if sum(character.isalnum() for character in text) < 2:
        raise DomainError(_("请写明理由，别人查看记录时要能看懂。"), field=field)
    return text[:200]
