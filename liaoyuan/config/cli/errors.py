"""Errors of the command line as sentences with exit codes."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

REFUSED = 3
WRONG = 2

# pydantic's words for what people get wrong, in Chinese.
_KINDS = {
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "float_parsing": "应为数字",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "literal_error": "只能是 {expected}",
    "extra_forbidden": "没有这个设置项，请检查拼写",
    "string_type": "应为文字",
    "path_type": "应为路径",
    "list_type": "应为列表",
}


class Refused(Exception):
    """The command did nothing; the message says why and what to do."""

    def __init__(self, message: str, *, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code


def existing(path: Path) -> Path:
    """A file to read. Raises Refused in our words; typer has its own in English."""
    if path.is_dir():
        raise Refused(f"{path} 是文件夹，请写出其中的文件。", code=WRONG)
    if not path.is_file():
        raise Refused(f"找不到文件 {path}。请检查路径和文件名。", code=WRONG)
    return path


def told(run: Callable[[], None]) -> None:
    """Run ``run``; say what the user can put right and exit with its code, let a defect show its traceback."""
    try:
        run()
    except Exception as error:
        known = explain(error)
        if known is None:
            raise
        code, sentence = known
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201  the command line's own voice
        sys.exit(code)


def explain(error: Exception) -> tuple[int, str] | None:
    """The exit code and the sentence for ``error``; None where it is a defect and deserves its traceback."""
    from pydantic import ValidationError

    if isinstance(error, Refused):
        return error.code, f"✗ {error}"
    if isinstance(error, ValidationError) and error.title == "Options":
        return WRONG, "\n".join(f"✗ {_setting(item)}" for item in error.errors())
    if isinstance(error, PermissionError):
        return WRONG, f"✗ 没有权限访问 {error.filename}。请检查 LIAOYUAN_HOME 与文件属主。"
    if isinstance(error, OSError) and error.filename:
        return WRONG, f"✗ 无法读写 {error.filename}（{error.strerror}）。"
    return _from_rules(error) or _from_django(error) or _from_settings(error)


def _setting(item: Any) -> str:
    from liaoyuan.config.options import environment_name

    where = str(item["loc"][0]) if item["loc"] else ""
    words = _KINDS.get(item["type"], item["msg"]).format(**item.get("ctx", {}))
    given = "" if item["type"] == "extra_forbidden" else f"，现在是 {item.get('input')!r}"
    return f"设置 {environment_name(where)} 有误：{words}{given}。"


def _from_rules(error: Exception) -> tuple[int, str] | None:
    from liaoyuan.foundation.regulations.rules import RegulationError
    from liaoyuan.organisation.duties.rules.declared import RuleError

    if isinstance(error, RegulationError | RuleError):
        return WRONG, f"✗ 法规或提醒规则文件有误：{error}。请恢复安装包里的原文件。"
    return None


def _from_django(error: Exception) -> tuple[int, str] | None:
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError
    from django.db import OperationalError

    from liaoyuan.kernel.errors import DomainError

    if isinstance(error, DomainError):
        return REFUSED, f"✗ {error.message}"
    if isinstance(error, OperationalError):
        return WRONG, f"✗ 连不上数据库：{str(error).strip().splitlines()[0]}。请检查 DATABASE_URL 与数据库服务。"
    if isinstance(error, CommandError):
        return WRONG, f"✗ {error}"
    if isinstance(error, ImproperlyConfigured):
        return WRONG, f"✗ 设置有误：{error}"
    return None


def _from_settings(error: Exception) -> tuple[int, str] | None:
    """A ValueError raised while the settings were read (a damaged key file, a wrong address, broken TOML)."""
    trace = error.__traceback__
    while isinstance(error, ValueError) and trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if module.startswith(("liaoyuan.config.settings", "liaoyuan.config.options")):
            return WRONG, f"✗ 设置有误：{error}"
        trace = trace.tb_next
    return None
