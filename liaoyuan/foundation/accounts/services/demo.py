"""Log-ins shown on the log-in page of a demonstration, and nowhere else.

They live in ``home/demo-logins.json`` (mode 600), because ``liaoyuan demo load`` runs in another process than the web.
Every reader asks ``settings.LIAOYUAN.demo`` first; the file of an instance that is no demonstration is never opened.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services.second_factor import current_code, totp_enrol
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.scoping import Actor


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One account a visitor of the demonstration may use. ``title`` is the persona, ``hint`` what to look at."""

    username: str
    password: str
    title: str
    hint: str = ""


def _path() -> Path:
    return Path(settings.LIAOYUAN.home) / "demo-logins.json"


def demo_account_prepare(*, actor: Actor, user: User, password: str) -> None:
    """Make an account ready to be shown: a known password, no forced change, a second factor where one is needed.
    Only by the system (``demo load``)."""
    if not actor.everything:
        raise NotPermitted("演示账号只能由系统装载。")
    with unit_of_work():
        user.set_password(password)
        user.must_change_password = False
        user.password_changed_at = clock.now()
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        if user.needs_second_factor:
            totp_enrol(actor=actor, user=user)
        record(actor, "accounts.demo_prepare", object_type="account", object_id=user.pk, object_label=user.username)


def register_demo_logins(logins: Sequence[DemoLogin]) -> None:
    """Replace the list of demo log-ins. Written whole or not at all."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps([asdict(login) for login in logins], ensure_ascii=False, indent=1))
    draft.replace(path)


def demo_logins() -> tuple[DemoLogin, ...]:
    """The demo log-ins in order; () in any instance that is not a demonstration."""
    if not settings.LIAOYUAN.demo:
        return ()
    path = _path()
    try:
        return _read(str(path), path.stat().st_mtime_ns)
    except OSError:
        return ()


def demo_code(user: User) -> str:
    """The present second-factor code of a demo account; "" for any other account and outside a demonstration."""
    if user.username not in {User.normalize_username(login.username) for login in demo_logins()}:
        return ""
    return current_code(user)


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> tuple[DemoLogin, ...]:
    """The file's log-ins; ``changed`` is its time stamp, so that a new file is read anew."""
    try:
        return tuple(DemoLogin(**row) for row in json.loads(Path(path).read_text()))
    except (ValueError, TypeError):
        return ()
