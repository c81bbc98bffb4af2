"""Instances to measure on: a home of N people on SQLite or PostgreSQL, made once and kept in ``results/worlds``."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks.pairs import RESULTS

ROOT = Path(__file__).parents[1]
LIAOYUAN = Path(sys.executable).with_name("liaoyuan")
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgresql://liaoyuan:liaoyuan@127.0.0.1/postgres")


@dataclass(frozen=True, slots=True)
class World:
    """One prepared instance."""

    people: int
    database: str  # sqlite | postgresql
    home: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this instance needs."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LIAOYUAN_", "DATABASE_URL"))}
        mine = {"LIAOYUAN_HOME": str(self.home), "LIAOYUAN_DEMO": "true", "PYTHONPATH": str(ROOT)}
        return kept | mine | ({"DATABASE_URL": self.url} if self.url else {})

    def run(self, *arguments: object) -> str:
        """The output of a command of this instance. Raises CalledProcessError."""
        done = subprocess.run(
            [str(part) for part in arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}")
        return done.stdout


def world(people: int, database: str, *, label: str = "") -> World:
    """The instance with so many people, made if it is not there yet; with ``label`` one that others leave alone."""
    home = RESULTS / "worlds" / f"{database}-{people}{label}"
    url = ""
    name = f"liaoyuan_bench_{people}{label}"
    if database == "postgresql":
        url = urlsplit(POSTGRES)._replace(path=f"/{name}").geturl()
    found = World(people, database, home, url)
    if (home / "ready").exists():
        found.run(LIAOYUAN, "manage", "migrate", "-v0")  # the product may have moved on
        return found
    if url:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    home.mkdir(parents=True, exist_ok=True)
    found.run(LIAOYUAN, "manage", "migrate", "-v0")
    found.run(LIAOYUAN, "demo", "load", "--members", people)
    (home / "ready").touch()
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(world: World, *command: object) -> Iterator[tuple[int, int]]:
    """A server process of the instance: yields its process id and port, waits until it answers, stops it at the end.
    ``PORT`` in the command stands for the port."""
    port = free_port()
    words = [str(port) if part == "PORT" else str(part) for part in command]
    process = subprocess.Popen(
        words, env=world.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            if process.poll() is not None:
                raise SystemExit(f"{' '.join(words)} stopped with {process.returncode}")
            time.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def moving(world: World, module: str = "benchmarks.mover") -> Iterator[Callable[[], object]]:
    """Yields a function that lets something happen in the instance (somebody checks in) and waits for the commit."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        env=world.environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    told, heard = process.stdin, process.stdout

    def answer() -> None:
        if not heard.readline():
            raise SystemExit("the mover stopped")

    def move() -> None:
        told.write("\n")
        told.flush()
        answer()

    try:
        answer()
        yield move
    finally:
        told.close()
        process.wait(20)


def session(world: World, persona: str) -> dict[str, str]:
    """A logged-in session of a persona: ``key``, ``person``, ``path`` of his reach, and one ``name`` and ``initials``
    to search for."""
    text = world.run(sys.executable, "-m", "benchmarks.session", persona)
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))


def memory_mb(pid: int) -> float:
    """Proportional set size of a process, in MB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024


def children(pid: int) -> list[int]:
    """Process ids of a process's children."""
    return [int(part) for part in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
