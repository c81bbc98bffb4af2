"""Make a session for a persona in the instance of this environment, and print what the benchmarks ask for."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")

import django

django.setup()

from importlib import import_module  # noqa: E402  after set-up

from django.conf import settings  # noqa: E402  after set-up
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  after set-up
from django.db.models import Exists, OuterRef  # noqa: E402  after set-up

from liaoyuan.foundation.accounts import browser_session  # noqa: E402  after set-up
from liaoyuan.kernel.scoping import Actor  # noqa: E402  after set-up
from liaoyuan.organisation.members.models import Person  # noqa: E402  after set-up
from liaoyuan.organisation.units.models import Grant, Unit, UnitKind  # noqa: E402  after set-up
from liaoyuan.organisation.units.services import grant_give  # noqa: E402  after set-up

ROLES = {"battalion": "committee_secretary", "clerk": "organisation_clerk", "branch": "branch_secretary"}


def over_everybody(grant: Grant) -> Grant:
    """The same role over the root: above 1,260 people the generator makes several brigades under one root."""
    root = Unit.objects.unscoped("measured").get(parent__isnull=True)
    if grant.unit_id == root.pk:
        return grant
    return grant_give(actor=Actor.system("测速", via="cli"), user=grant.user, role=grant.role, unit=root, reason="测速")


def main(persona: str) -> None:
    """Print key=value lines."""
    held = Grant.objects.filter(until__isnull=True)
    grants = held.filter(role__code=ROLES[persona]).select_related("user", "unit").order_by("path", "id")
    if persona == "battalion":  # some also sit on the brigade's committee and see the whole brigade
        wider = held.filter(user=OuterRef("user"), path__lt=OuterRef("path"))
        grants = grants.filter(~Exists(wider), unit__kind=UnitKind.COMMITTEE, unit__can_approve_members=False)
    grant = over_everybody(grants[0]) if persona == "clerk" else grants[0]
    user = grant.user
    user.must_change_password = False
    user.save(update_fields=["must_change_password"])
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[browser_session.TOTP] = True
    browser_session.touch(store)
    store.save()
    inside = Person.objects.filter(home_path__gte=grant.path, home_path__lt=grant.path + "~")
    someone = inside.order_by("number")[inside.count() // 2]
    print(f"key={store.session_key}")
    print(f"path={grant.path}")
    print(f"unit={grant.unit.code}")
    print(f"person={someone.pk}")
    print(f"name={someone.name}")
    print(f"pinyin={someone.pinyin}")
    print(f"initials={someone.initials}")


if __name__ == "__main__":
    main(sys.argv[1])
