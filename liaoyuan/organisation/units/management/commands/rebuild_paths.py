"""``manage rebuild_paths``: derive every path of the tree anew from parents and positions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liaoyuan.organisation.units.services import paths_rebuild, tree_problems


class Command(BaseCommand):
    """重新推导组织树的路径"""

    help = "由上级和次序重新推导全部组织路径；--check 只检查，不改动，有问题时退出码为 1。"

    def add_arguments(self, parser: CommandParser) -> None:
        """--check only looks."""
        parser.add_argument("--check", action="store_true", help="只检查，不改动")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Rebuild, or list what is wrong."""
        if check:
            problems = tree_problems()
            if problems:
                raise CommandError("\n".join(problems))
            self.stdout.write("组织树的路径全部正确。")
            return
        try:
            changed = paths_rebuild()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已重新推导，改正 {changed} 个组织的路径。")
