"""The ``liaoyuan`` command. Starting it is cheap: Django is set up only by the commands that need it.

Exit codes: 0 done; 1 the check found problems; 2 wrong arguments or settings; 3 refused, nothing was changed;
130 interrupted.
"""

from typing import Annotated

import typer

from liaoyuan import __version__
from liaoyuan.config.cli import care, data, due, keep, serving
from liaoyuan.config.cli.errors import told

app = typer.Typer(
    name="liaoyuan",
    help="燎原：内网智慧党建平台。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="退出码：0 成功；1 检查发现问题；2 参数或设置有误；3 被拒绝，没有做任何改动。",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"liaoyuan {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")] = False,
) -> None:
    """Options before the command."""


for _part in (serving, data, due, care, keep):
    _part.register(app)


def main() -> None:
    """The console script. What the user can put right is a sentence and an exit code, never a traceback."""
    told(app)
