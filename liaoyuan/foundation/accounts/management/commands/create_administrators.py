"""The first three administrators of an instance, with their initial codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from liaoyuan.foundation.accounts.models import AdminKind
from liaoyuan.foundation.accounts.selectors import administrators_exist
from liaoyuan.foundation.accounts.services import account_create, administrator_appoint, initial_codes_issue
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor

_NAMES = ((AdminKind.SYSTEM, "sysadmin"), (AdminKind.SECURITY, "secadmin"), (AdminKind.AUDIT, "auditadmin"))


class Command(BaseCommand):
    """Make 系统、安全、审计管理员 and print their initial codes once; refused where one exists already."""

    help = "建立系统、安全、审计三名管理员，打印初始口令。只在新实例上执行一次。"

    def handle(self, *args: Any, **options: Any) -> None:
        """All three or none."""
        actor = Actor.system("建立三员", via="cli")
        with unit_of_work():
            if administrators_exist():
                raise CommandError("已有管理员，不再建立。忘记口令时请由安全管理员重置。")
            users = []
            for kind, username in _NAMES:
                user = account_create(actor=actor, username=username, display_name=kind.label, reason="建立三员")
                users.append(administrator_appoint(actor=actor, user=user, kind=kind, reason="建立三员"))
            slips = initial_codes_issue(actor=actor, users=users, reason="建立三员")
        for slip in slips:
            self.stdout.write(f"{slip.name}\t账号 {slip.username}\t初始口令 {slip.code}")
        self.stdout.write("请当面交给三名不同的人。首次登录须修改口令并启用动态码。")
