"""Steps with visible progress: a line when one starts, a line when it ends, its output only where it fails."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = VENV / "stamps"
_BEAT = 10.0  # seconds between signs of life of a long step


class Stop(Exception):
    """Nothing more can be done; the message says why and what to do."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """One line for the reader, at once."""
    print(text, flush=True)


def step(title: str, command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run ``command`` quietly with a sign of life; show the end of its output and raise Stop where it fails."""
    say(f"▸ {title}")
    began = time.monotonic()
    done = threading.Event()

    def beat() -> None:
        while not done.wait(_BEAT):
            say(f"  … {title}，已用 {time.monotonic() - began:.0f} 秒")

    beater = threading.Thread(target=beat, daemon=True)
    beater.start()
    try:
        result = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except FileNotFoundError as error:
        raise Stop(f"{title}：找不到命令 {error.filename}。") from error
    finally:
        done.set()
        beater.join()
    if result.returncode:
        sys.stdout.write("\n".join(result.stdout.splitlines()[-60:]) + "\n")
        raise Stop(f"{title}失败（退出码 {result.returncode}），上面是它最后的输出。")
    say(f"  ✓ {title}（{time.monotonic() - began:.1f} 秒）")


def show(title: str, command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> tuple[bool, float]:
    """Run ``command`` with its output shown; whether it succeeded, and the seconds it took."""
    say(f"▸ {title}")
    began = time.monotonic()
    code = subprocess.call(
        [str(part) for part in command], cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL
    )
    took = time.monotonic() - began
    say(f"  {'✓' if code == 0 else '✗'} {title}（{took:.1f} 秒）")
    return code == 0, took


def digest(paths: Iterable[Path], *more: str) -> str:
    """A digest of the contents of ``paths`` (folders are walked) and of ``more``."""
    found = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "node_modules" not in file.parts and "__pycache__" not in file.parts:
                found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def fresh(name: str, value: str) -> bool:
    """Whether the step ``name`` was last finished for the inputs with this digest."""
    stamp = STAMPS / name
    return stamp.exists() and stamp.read_text() == value


def stamp(name: str, value: str) -> None:
    """Remember that the step ``name`` is finished for these inputs."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)
