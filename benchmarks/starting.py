"""Starting and size: migrate from empty, cold start to the first answer, memory of a web worker."""

import shutil
import subprocess
import time
import urllib.request

from benchmarks.client import Client
from benchmarks.pairs import RESULTS, Result, bound
from benchmarks.world import LIAOYUAN, World, children, free_port, memory_mb, serving, session, world

RUNS = 5


def measure(people: int, small: int) -> list[Result]:
    """Every row of this group, on SQLite."""
    return [_migrate(), _cold(world(small, "sqlite")), *_memory(world(people, "sqlite"))]


def _migrate() -> Result:
    home = RESULTS / "worlds" / "empty"
    shutil.rmtree(home, ignore_errors=True)
    begun = time.perf_counter()
    World(0, "sqlite", home).run(LIAOYUAN, "manage", "migrate", "-v0")
    return bound("从空库迁移", round(time.perf_counter() - begun, 1), 15, unit="s", database="sqlite")


def _cold(small: World) -> Result:
    taken = []
    for _ in range(RUNS):
        port = free_port()
        begun = time.perf_counter()
        process = subprocess.Popen(
            [LIAOYUAN, "serve", "--port", str(port)],
            env=small.environment,
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
    return bound(
        "冷启动到第一页（serve，整个进程树）", round(sorted(taken)[RUNS // 2], 2), 2, unit="s", database="sqlite"
    )


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
        bound("网页进程内存（PSS，空闲）", round(idle), 150, unit="MB", database="sqlite"),
        bound("网页进程内存（PSS，负载后）", round(loaded), 150, unit="MB", database="sqlite"),
    ]
