"""A real instance in a temporary home, driven as an operator drives it: by the ``liaoyuan`` command."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(sys.executable).with_name("liaoyuan")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Instance:
    """One home folder, and the processes started on it."""

    home: Path
    env: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """The process environment: ours, none of the test run's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIAOYUAN_", "DJANGO_"))}
        for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL"):
            kept.pop(name, None)
        return {**kept, "LIAOYUAN_HOME": str(self.home), "PYTHONWARNINGS": "default", **self.env}

    def run(self, *arguments: str | Path, code: int | None = 0, text: str = "") -> subprocess.CompletedProcess[str]:
        """Run ``liaoyuan …``; fail where it does not end with ``code`` (None: any)."""
        result = subprocess.run(
            [str(COMMAND), *map(str, arguments)],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=300,
            input=text,
        )
        if code is not None:
            assert result.returncode == code, f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result

    def shell(self, source: str) -> str:
        """Run Python inside the product; what it prints."""
        return self.run("manage", "shell", "--no-imports", "-c", source).stdout.strip()

    def start(self, *arguments: str, wait: float = 180) -> None:
        """Start ``liaoyuan serve`` (or what is named) and wait until it answers."""
        verb = arguments or ("serve", "--port", str(self.port))
        log = (self.home.parent / f"{self.home.name}.log").open("a")
        self.process = subprocess.Popen(
            [str(COMMAND), *verb],
            env=self.environment(),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        log.close()
        if verb[0] in {"serve", "web"}:
            self.wait_until_up(wait)

    def wait_until_up(self, seconds: float) -> None:
        """Poll until a page answers; show the log where it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, self.log()
            if self.status("/account/login/") is not None:
                return
            time.sleep(0.1)
        raise AssertionError(f"not up after {seconds} s\n{self.log()}")

    def status(self, path: str) -> int | None:
        """The status of a page; None where nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as response:  # noqa: S310  our own port
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def log(self) -> str:
        """What the processes have said."""
        path = self.home.parent / f"{self.home.name}.log"
        return path.read_text() if path.exists() else ""

    def children(self) -> dict[int, str]:
        """The process tree's members below the supervisor: process number → state."""
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid): Path(f"/proc/{pid}/comm").read_text().strip() for pid in path.read_text().split()}

    def stop(self) -> float:
        """Send SIGTERM and wait; the seconds it took."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        took = time.monotonic() - began
        self.process = None
        return took
