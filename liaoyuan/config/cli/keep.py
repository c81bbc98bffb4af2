"""``backup`` and ``restore``."""

from pathlib import Path
from typing import Annotated

import typer

from liaoyuan.config.cli.errors import existing
from liaoyuan.config.cli.starting import require_migrated, set_up
from liaoyuan.config.keys import write_no_keys


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help="备份数据库、上传文件与密钥到一个文件；不用停机。")(backup)
    app.command(help="从备份恢复。版本不符、文件损坏、实例非空或正在运行时拒绝。")(restore)


def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="写到哪里，例如 2026-11-22.liaoyuan。")],
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="不放入密钥。请另行保管 keys.toml，缺了它无法解密。")
    ] = False,
) -> None:
    """Write one file that holds the whole instance."""
    set_up()
    require_migrated()
    from liaoyuan.config.backup import write

    summary = write(file, with_keys=not without_keys)
    typer.echo(summary)


def restore(
    file: Annotated[Path, typer.Argument(callback=existing, help="读哪个文件。")],
    force: Annotated[bool, typer.Option("--force", help="覆盖非空的实例。原有数据将不复存在。")] = False,
) -> None:
    """Bring an instance back from one file."""
    write_no_keys()
    set_up()
    from liaoyuan.config.backup import read

    typer.echo(read(file, force=force))
