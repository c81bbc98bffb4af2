"""A calendar program's private address: made, replaced, ended, and looked up by its token."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.crypto import mac
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import CalendarFeed

_NOTED_EVERY = timedelta(minutes=1)
LONGEST_TOKEN = 100


def token_hash(plain: str) -> str:
    """What is stored of a token: HMAC-SM3 under the instance's index key."""
    return mac(settings.KEYS.index, f"calendar-feed:{plain}".encode())


def feed_make(*, actor: Actor) -> str:
    """A new address for the actor's own account; the old one, if any, opens nothing from now on. Returns the token,
    which is shown once. Raises DomainError for an account that is nobody's: nothing is due to it."""
    if actor.user_id is None or actor.person_id is None:
        raise DomainError(_("您的账号没有对应的人员，没有可以订阅的提醒。"))
    plain = secrets.token_urlsafe(32)
    with unit_of_work():
        user = User.objects.select_for_update().get(pk=actor.user_id)
        CalendarFeed.objects.update_or_create(
            user=user, defaults={"token_hash": token_hash(plain), "created_at": clock.now(), "read_at": None}
        )
        record(actor, "duties.feed", object_type="duties.feed", object_id=user.pk, object_label=user.username)
    return plain


def feed_end(*, actor: Actor) -> bool:
    """The address opens nothing any more. Ending it again changes nothing. Returns whether there was one."""
    with unit_of_work():
        gone, _kinds = CalendarFeed.objects.filter(user=actor.user_id).delete()
        if gone:
            record(actor, "duties.feed_ended", object_type="duties.feed", object_id=actor.user_id)
    return bool(gone)


def feed_use(plain: str) -> User | None:
    """Whose address it is, noting its use once a minute; None where it opens nothing: unknown, replaced, or its owner
    switched off, locked, or with a password to change."""
    if not plain or len(plain) > LONGEST_TOKEN:
        return None
    feed = CalendarFeed.objects.select_related("user").filter(token_hash=token_hash(plain)).first()
    if feed is None or not feed.user.may_act or feed.user.password_due:
        return None
    if feed.read_at is None or clock.now() - feed.read_at >= _NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=clock.now())
    return feed.user
