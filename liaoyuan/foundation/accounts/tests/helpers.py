"""What the tests of accounts share: second factors, log-ins, audit rows."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.tests.factories import PASSWORD
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.scoping import Actor, actor_for

LOGIN = "/account/login/"
CODE = "/account/login/code/"


def with_totp(user: User) -> str:
    """Give ``user`` a second factor; returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """The code of ``secret`` now, or ``steps`` time steps from now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def wrong_code(secret: str) -> str:
    """Six digits that are no code of ``secret`` near now."""
    near = {code_of(secret, steps=steps) for steps in range(-3, 4)}
    return next(f"{number:06}" for number in range(1000) if f"{number:06}" not in near)


def recovery_codes(user: User) -> list[str]:
    """The unused recovery codes of ``user``."""
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def log_in(client: Client, user: User | str, password: str = PASSWORD, **more: Any) -> Any:
    """Post the log-in form."""
    name = user if isinstance(user, str) else user.username
    return client.post(LOGIN, {"login": name, "password": password, **more})


def enter(user: User) -> Client:
    """A browser logged in as ``user``, second factor passed."""
    client = Client()
    client.force_login(user)
    return client


def actor_of(user: User) -> Actor:
    """``user`` as an actor."""
    return actor_for(user, via="web", address="127.0.0.1")


def audited(action: str) -> list[AuditEntry]:
    """Audit rows of ``action``, oldest first."""
    return list(AuditEntry.objects.filter(action=action).order_by("seq"))


def bare(html: bytes) -> str:
    """A page without what differs between any two requests: the CSRF token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html.decode())
