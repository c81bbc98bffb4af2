"""``demo`` and ``roster``: data in and out. The work is the apps'; here are only the arguments."""

from pathlib import Path
from typing import Annotated

import typer

from liaoyuan.config.cli.errors import existing
from liaoyuan.config.cli.starting import require_migrated, set_up

demo = typer.Typer(help="演示数据。", no_args_is_help=True)
roster = typer.Typer(help="花名册：模板、核对、导入、导出。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(demo, name="demo")
    app.add_typer(roster, name="roster")


@demo.command("load", help="载入演示旅；日期整体平移，使参考日为今天。只能载入空的实例。")
def demo_load(
    members: Annotated[int | None, typer.Option(min=100, max=1_000_000, help="人数；不给则用随附的花名册。")] = None,
    seed: Annotated[int, typer.Option(help="随机种子，同样的种子得到同样的旅。")] = 0,
) -> None:
    """Load the demo brigade into an empty instance and print its log-ins."""
    set_up()
    require_migrated()
    from liaoyuan.desk.demo import commands

    commands.load(members=members, seed=seed, say=typer.echo)
    for line in commands.login_lines():
        typer.echo(line)


@roster.command("template", help="导出空白花名册模板（xlsx）。")
def roster_template(file: Annotated[Path, typer.Argument(dir_okay=False, help="写到哪里。")]) -> None:
    """Write the empty workbook."""
    set_up()
    from liaoyuan.organisation.roster import commands

    commands.template(file=file)
    typer.echo(f"已写入 {file}")


@roster.command("check", help="核对花名册，列出全部问题；不写入任何数据。有错误时退出码为 1。")
def roster_check(
    file: Annotated[Path, typer.Argument(callback=existing, help="读哪个文件。")],
    output: Annotated[str, typer.Option("--format", help="text 或 json。")] = "text",
) -> None:
    """List every problem of the workbook."""
    _known_format(output)
    set_up()
    require_migrated()
    from liaoyuan.organisation.roster import commands

    raise typer.Exit(commands.check(file=file, output=output, say=typer.echo))


@roster.command("import", help="导入花名册：全部写入，或一条不写。")
def roster_import(
    file: Annotated[Path, typer.Argument(callback=existing, help="读哪个文件。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改动什么。")] = False,
) -> None:
    """Import the workbook, all or nothing."""
    set_up()
    require_migrated()
    from liaoyuan.organisation.roster import commands

    raise typer.Exit(commands.import_(file=file, dry_run=dry_run, say=typer.echo))


@roster.command("export", help="把当前组织与人员导出为花名册（xlsx）。")
def roster_export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="写到哪里。")],
    unit: Annotated[str, typer.Option(help="只导出这个组织编码之下的。")] = "",
) -> None:
    """Write the present roster."""
    set_up()
    require_migrated()
    from liaoyuan.organisation.roster import commands

    commands.export(file=file, unit=unit, say=typer.echo)


def _known_format(output: str) -> None:
    if output not in {"text", "json"}:
        raise typer.BadParameter("只能是 text 或 json", param_hint="--format")
