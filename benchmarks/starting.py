"""Starting and size, on both databases: migrate from empty, cold start to the first answer, memory of a web worker."""

import shutil
import subprocess
import time
import urllib.request
from urllib.parse import urlsplit

import psycopg

from benchmarks.client import Client
from benchmarks.pairs import RESULTS, Result, bound
from benchmarks.world import LIAOYUAN, POSTGRES, World, children, free_port, memory_mb, serving, session, world

RUNS = 5
_EMPTY = "liaoyuan_bench_empty"


def measure(people: int, small: int) -> list[Result]:
    """Every row of this group."""
    results = []
    for database in ("sqlite", "postgresql"):
        large = world(people, database)
        results += [_migrate(database), _cold(large), *_memory(large)]
    return results


def _migrate(database: str) -> Result:
    home = RESULTS / "worlds" / f"empty-{database}"
    shutil.rmtree(home, ignore_errors=True)
    url = ""
    if database == "postgresql":
        url = urlsplit(POSTGRES)._replace(path=f"/{_EMPTY}").geturl()
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {_EMPTY} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {_EMPTY} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
    begun = time.perf_counter()
    World(0, database, home, url).run(LIAOYUAN, "manage", "migrate", "-v0")
    return bound("从空库迁移", round(time.perf_counter() - begun, 1), 15, unit="s", database=database)


def _cold(instance: World) -> Result:
    taken = []
    for _ in range(RUNS):
        port = free_port()
        begun = time.perf_counter()
        process = subprocess.Popen(
            [LIAOYUAN, "serve", "--port", str(port)],
            env=instance.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5).read()
                break
            except OSError:
                time.sleep(0.01)
        taken.append(time.perf_counter() - begun)
        process.terminate()
        process.wait(20)
    middle = round(sorted(taken)[RUNS // 2], 2)
    note = f"{RUNS} starts, {min(taken):.2f}–{max(taken):.2f} s"
    return bound("冷启动到第一页（serve，整个进程树）", middle, 2, unit="s", database=instance.database, note=note)


def _memory(large: World) -> list[Result]:
    with serving(large, LIAOYUAN, "web", "--port", "PORT") as (pid, port):
        mine = session(large, "clerk")
        client = Client(port, mine["key"])
        workers = children(pid)
        idle = max(memory_mb(one) for one in workers)
        for _ in range(30):
            client.get("/members/")
            client.get("/map/data?z=4")
            client.get("/")
        loaded = max(memory_mb(one) for one in workers)
    return [
        bound("网页进程内存（PSS，空闲）", round(idle), 150, unit="MB", database=large.database),
        bound("网页进程内存（PSS，负载后）", round(loaded), 150, unit="MB", database=large.database),
    ]
