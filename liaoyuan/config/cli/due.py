"""``duties``: what is owed by when. The work is the app's; here are only the arguments."""

from datetime import date
from typing import Annotated

import typer

from liaoyuan.config.cli.starting import require_migrated, set_up

duties = typer.Typer(help="到点提醒：计算与查看应办事项。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(duties, name="duties")


@duties.callback()
def _group() -> None:
    """So that ``run`` stays a word of its own beside further commands."""


@duties.command("run", help="计算到点提醒：写入、提醒，并列出应办事项；--dry-run 只试算。")
def duties_run(
    on: Annotated[str, typer.Option("--on", metavar="日期", help="计算哪一天（YYYY-MM-DD）；不是今天时只试算。")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试算，不写入、不提醒。")] = False,
    unit: Annotated[str, typer.Option("--unit", metavar="编码", help="只看这个组织及所属。")] = "",
    rule: Annotated[str, typer.Option("--rule", metavar="编号", help="只看这条规则，例如 DM-03。")] = "",
    output: Annotated[str, typer.Option("--format", help="text 或 json（每行一个对象）。")] = "text",
) -> None:
    """Evaluate duties and list what is owed."""
    if output not in {"text", "json"}:
        raise typer.BadParameter("只能是 text 或 json", param_hint="--format")
    wanted = _day(on)
    set_up()
    require_migrated()
    from liaoyuan.organisation.duties import commands

    code = commands.run(on=wanted, dry_run=dry_run, unit=unit, rule=rule, output=output, say=typer.echo, tell=_aside)
    raise typer.Exit(code)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("日期应写作 2026-11-23 这样的形式") from None


def _aside(text: str) -> None:
    typer.echo(text, err=True)
