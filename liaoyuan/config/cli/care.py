"""Looking after an instance: ``doctor``, ``audit verify``, ``manage``."""

import json
import os
import sys
from typing import Annotated

import typer

from liaoyuan.config.cli.starting import require_migrated, set_up

audit = typer.Typer(help="审计。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(help="检查本实例：数据库、迁移、存储、时钟、任务进程、磁盘、前端文件……有问题时退出码为 1。")(doctor)
    app.add_typer(audit, name="audit")
    app.command(
        help="运行 Django 管理命令。",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    )(manage)


def doctor(output: Annotated[str, typer.Option("--format", help="text 或 json。")] = "text") -> None:
    """Check everything that can be wrong with a running instance."""
    if output not in {"text", "json"}:
        raise typer.BadParameter("只能是 text 或 json", param_hint="--format")
    set_up()
    from liaoyuan.config.doctor import examine

    findings = examine()
    bad = any(finding.level == "error" for finding in findings)
    if output == "json":
        lines = {"ok": not bad, "findings": [finding.as_dict() for finding in findings]}
        typer.echo(json.dumps(lines, ensure_ascii=False, indent=2))
    else:
        marks = {"ok": "✓", "warning": "!", "error": "✗"}
        for finding in findings:
            typer.echo(f"{marks[finding.level]} {finding.name}：{finding.message}")
    raise typer.Exit(1 if bad else 0)


@audit.command("verify", help="验证审计链；有断裂时指出第一条，退出码为 1。")
def audit_verify(
    known: Annotated[list[str] | None, typer.Option(help="以前核验时记下的 序号:校验码，可给多次。")] = None,
) -> None:
    """Prove the audit chain or name the first broken row. Nothing is written: a broken chain stays as it was found."""
    set_up()
    require_migrated()
    from liaoyuan.foundation.audit.services import verify_chain

    report = verify_chain(known=dict(_anchor(text) for text in known or []))
    typer.echo(report.sentence)
    if report.ok and report.checked:
        typer.echo(f"请在本机之外记下：{report.checked}:{report.code}（下次用 --known 核对，可发现数据库被退回旧状态）")
    raise typer.Exit(0 if report.ok else 1)


def _anchor(text: str) -> tuple[int, str]:
    seq, _, code = text.partition(":")
    if not seq.isdigit() or not code:
        raise typer.BadParameter(f"“{text}”应写成 序号:校验码，例如 120:9f86d081884c7d65", param_hint="--known")
    return int(seq), code


def manage(context: typer.Context) -> None:
    """Hand over to Django's own command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["liaoyuan manage", *context.args])
    sys.stdout.flush()
