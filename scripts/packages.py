"""Debian packages, where we may install them."""

import os
import shutil

from scripts.steps import Stop, step

_updated = False


def install(why: str, *names: str) -> None:
    """Install Debian packages as root or by password-less sudo; raise Stop naming them where neither works."""
    global _updated
    prefix = _prefix()
    if prefix is None:
        raise Stop(f"{why}：请以管理员身份运行 apt-get install {' '.join(names)} 后重试。")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    if not _updated:
        step("更新 Debian 软件包目录", [*apt, "update"])
        _updated = True
    step(f"安装 {' '.join(names)}（{why}）", [*apt, "install", "--no-install-recommends", *names])


def _prefix() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and os.system("sudo -n true 2>/dev/null") == 0:
        return ["sudo", "-n"]
    return None
