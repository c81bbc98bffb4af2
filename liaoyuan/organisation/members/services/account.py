"""A person's account: made, linked, unlinked. Passwords and locks are the accounts app's."""

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import account_create, account_rename, assert_not_admin
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PersonChanged
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import Capability, can_decide
from liaoyuan.organisation.members.services.locking import check_active, check_reason, locked_person
from liaoyuan.organisation.members.services.tenure import assert_may_carry, grants_follow
from liaoyuan.organisation.units.models import Grant


def person_account_create(*, actor: Actor, person: Person, username: str = "") -> User:
    """A new account with an initial code for ``person``; without a name, the person's number is it. Running posts give
    their grants at once. Raises Conflict where he has one, DomainError (field ``username``) where the name is taken,
    NotPermitted where his posts give more than the actor holds: whoever prints the code could use it."""
    with unit_of_work():
        person = locked_person(actor, person.pk, can_decide)
        assert_may_carry(actor, person)
        check_active(person)
        _check_without(person)
        user = account_create(
            actor=actor, username=username or person.number.lower(), display_name=person.name, by=Capability.MANAGE
        )
        _tie(actor, person, user, reason=_("新建账号"))
        return user


def person_account_link(*, actor: Actor, person: Person, username: str, reason: str) -> User:
    """Tie an account that exists and belongs to nobody to ``person``.

    Raises DomainError where there is no such account or it is another's (the same sentence: no guessing), Conflict for
    an administrator's or one that holds grants of its own (whoever gave them meant somebody else), NotPermitted where
    his posts give more than the actor holds.
    """
    with unit_of_work():
        person = locked_person(actor, person.pk, can_decide)
        assert_may_carry(actor, person)
        check_active(person)
        _check_without(person)
        user = User.objects.filter(username=User.normalize_username(username), is_active=True).first()
        if user is None or Person.objects.unscoped("accounts are one to one").filter(user=user).exists():
            raise DomainError(
                _("没有可以关联的账号“%(name)s”：不存在、已停用，或已属于别人。") % {"name": username}, field="username"
            )
        if user.pk == actor.user_id:
            raise NotPermitted(_("不能把自己的账号关联到别人名下。"))
        assert_not_admin(user)
        if Grant.objects.unscoped("grants of a stray account").current(clock.today()).filter(user=user).exists():
            raise Conflict(_("账号“%(name)s”已有授权，不能关联给他人。请先收回授权。") % {"name": user.username})
        _tie(actor, person, user, reason=check_reason(reason))
        return user


def person_account_unlink(*, actor: Actor, person: Person, reason: str) -> Person:
    """Untie the account: grants from posts end, the account itself stays. NotPermitted where his posts give more than
    the actor holds: nobody takes away what he could not give."""
    with unit_of_work():
        person = locked_person(actor, person.pk, can_decide)
        assert_may_carry(actor, person)
        if person.user_id is None:
            raise Conflict(_("%(name)s 还没有账号。") % {"name": person.name})
        before = person.user
        person.user = None
        _store(person)
        grants_follow(actor, person)
        _written(actor, person, "members.account_unlink", before, check_reason(reason))
        return person


def account_name_follows(actor: Actor, person: Person) -> None:
    """The name shown by the account is the person's."""
    if person.user is not None and person.user.display_name != person.name:
        account_rename(actor=actor, user=person.user, display_name=person.name, by=Capability.MANAGE)


def _check_without(person: Person) -> None:
    if person.user_id is not None:
        raise Conflict(_("%(name)s 已有账号。如要更换，请先解除关联。") % {"name": person.name})


def _tie(actor: Actor, person: Person, user: User, *, reason: str) -> None:
    person.user = user
    _store(person)
    grants_follow(actor, person)
    _written(actor, person, "members.account_link", user, reason)


def _store(person: Person) -> None:
    person.updated_at = clock.now()
    person.save(update_fields=["user", "updated_at"])
    bus.publish(PersonChanged(person.pk))


def _written(actor: Actor, person: Person, action: str, user: User | None, reason: str) -> None:
    record(
        actor,
        action,
        object_type="members.person",
        object_id=person.pk,
        object_label=person.name,
        subject_id=person.pk,
        reason=reason,
        detail={"account": user.username if user else ""},
    )
