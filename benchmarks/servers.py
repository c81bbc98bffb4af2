"""Which server? The figures of ADR 0003: candidates side by side, asked in turn, ratios of requests per second.

``python -m benchmarks.servers HOME COOKIE`` on a home with the demonstration in it; needs ``wrk``, and ``granian`` on
PYTHONPATH for the candidates that use it. Not part of ``make bench``: the product depends on the winner alone.
"""

import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

WINDOW_SECONDS = 2
ROUNDS = 8
THREADS = "8"
_WSGI = "liaoyuan.config.wsgi:application"


@dataclass
class Candidate:
    """A way of serving pages, on its own port."""

    name: str
    command: list[str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    cold: float = 0.0
    rates: dict[str, list[float]] = field(default_factory=dict)

    def start(self, env: dict[str, str]) -> None:
        """Start and wait until it answers; remember how long that took."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        began = time.monotonic()
        line = [part.replace("PORT", str(self.port)) for part in self.command]
        self.process = subprocess.Popen(line, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while time.monotonic() - began < 60:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.02)
        self.cold = time.monotonic() - began

    def ask(self, path: str, cookie: str, connections: int) -> float:
        """Requests per second over one window."""
        url = f"http://127.0.0.1:{self.port}{path}"
        line = ["wrk", "-t1", f"-c{connections}", f"-d{WINDOW_SECONDS}s", "-H", f"Cookie: sessionid={cookie}", url]
        text = subprocess.run(line, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in text:
            raise RuntimeError(f"{self.name} {path}: {text}")
        found = re.search(r"Requests/sec:\s+([\d.]+)", text)
        return float(found.group(1)) if found else 0.0

    def memory(self) -> list[int]:
        """Resident MiB of every process of the candidate."""
        assert self.process is not None
        pids, found = [self.process.pid], []
        while pids:
            pid = pids.pop()
            status = Path(f"/proc/{pid}/status").read_text()
            found.append(int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) // 1024)  # type: ignore[union-attr]
            pids += [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return sorted(found, reverse=True)


def candidates(workers: int) -> list[Candidate]:
    """The ones compared: the first is what the others are divided by."""
    count = str(workers)
    python = sys.executable
    uvicorn = [
        python,
        "-m",
        "uvicorn",
        "--port",
        "PORT",
        "--workers",
        count,
        "--log-level",
        "critical",
        "--no-access-log",
    ]
    granian = [python, "-m", "granian", "--port", "PORT", "--workers", count, "--no-ws", "--log-level", "critical"]
    liaoyuan = str(Path(python).with_name("liaoyuan"))
    return [
        Candidate("uvicorn + a2wsgi", [liaoyuan, "web", "--port", "PORT", "--workers", count]),
        Candidate("granian WSGI", [*granian, "--interface", "wsgi", "--blocking-threads", THREADS, _WSGI]),
        Candidate("Django ASGI", [*uvicorn, "--lifespan", "off", "benchmarks.servers:django_asgi", "--factory"]),
    ]


def django_asgi() -> object:
    """Django's own ASGI handler."""
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


def main(home: str, cookie: str) -> None:
    """Print the table."""
    env = {**os.environ, "LIAOYUAN_HOME": home, "DJANGO_SETTINGS_MODULE": "liaoyuan.config.settings"}
    pages = {"log-in page": "/account/login/", "member list": "/members/"}
    for workers in (1, 2):
        running = candidates(workers)
        try:
            for candidate in running:
                candidate.start(env)
            for name, path in pages.items():
                for candidate in running:
                    candidate.ask(path, "" if "login" in path else cookie, 4)  # warm
                for _ in range(ROUNDS):
                    for candidate in running:
                        rate = candidate.ask(path, "" if "login" in path else cookie, 4)
                        candidate.rates.setdefault(name, []).append(rate)
            first = running[0]
            for candidate in running:
                print(f"{workers} × {candidate.name}: cold {candidate.cold:.1f} s, RSS {candidate.memory()} MiB")
                for name, rates in candidate.rates.items():
                    ratios = [rate / base for rate, base in zip(rates, first.rates[name], strict=True)]
                    low, middle, high = statistics.quantiles(ratios, n=4)
                    print(f"    {name}: {middle:.2f} ({low:.2f}–{high:.2f}), {statistics.median(rates):.0f}/s")
        finally:
            for candidate in running:
                if candidate.process is not None:
                    candidate.process.send_signal(signal.SIGTERM)
                    candidate.process.wait(20)


if __name__ == "__main__":
    main(*sys.argv[1:3])
