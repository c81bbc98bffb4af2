"""What ``liaoyuan demo load`` and ``liaoyuan serve --demo`` do."""

from collections.abc import Callable
from unicodedata import east_asian_width

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.desk.demo import services
from liaoyuan.foundation.accounts.services import DemoLogin, demo_logins
from liaoyuan.organisation.members.models import Person

Say = Callable[[str], object]
_last: list[DemoLogin] = []


def load(*, members: int | None = None, seed: int = 0, force: bool = False, say: Say = print) -> list[DemoLogin]:
    """Load the demo brigade; see ``services.load``."""
    _last[:] = services.load(members=members, seed=seed, force=force, say=say)
    return list(_last)


def load_if_empty(*, say: Say = print) -> None:
    """Load it where nobody is here yet, finish it where loading was interrupted; silent otherwise."""
    if services.unfinished() or (not services.loaded() and not Person.objects.unscoped("is anybody here").exists()):
        load(say=say)


def login_lines() -> list[str]:
    """The log-ins as a table for the terminal. Empty where this is no demonstration."""
    logins = list(_last) or list(demo_logins())
    if not logins:
        if services.loaded() and not settings.LIAOYUAN.demo:
            return [_("演示账号只在演示模式（LIAOYUAN_DEMO=true 或 serve --demo）下列出。")]
        return []
    rows = [(_("账号"), _("口令"), _("身份"), _("看什么"))]
    rows += [(login.username, login.password, login.title, login.hint) for login in logins]
    widths = [max(_width(row[index]) for row in rows) for index in range(3)]
    lines = ["  ".join([*(cell + " " * (widths[index] - _width(cell)) for index, cell in enumerate(row[:3])), row[3]])
             for row in rows]  # fmt: skip
    return [*lines, _("须用动态码的账号，登录页会显示演示用的动态码。")]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
