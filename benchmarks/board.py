"""The board of duties for a brigade of 10,000 people against the bare page, on both databases.

The aim speaks of requests a second (≥ 0.3 × the bare page's): of one client that asks again and again, that is the time
of a request turned over (≤ 3.33 ×).
"""

import sys

from benchmarks.client import Client
from benchmarks.pairs import REFERENCE, Result, compare
from benchmarks.world import LIAOYUAN, moving, serving, session, world

PEOPLE, AIM = 10_000, 1 / 0.3


def measure(people: int, small: int) -> list[Result]:
    """Two rows for each database; always of 10,000 people."""
    return [row for database in ("sqlite", "postgresql") for row in _database(database)]


def _database(database: str) -> list[Result]:
    brigade = world(PEOPLE, database, label="_duties")
    brigade.run(sys.executable, "-m", "benchmarks.duties", "fill", PEOPLE)
    brigade.run(LIAOYUAN, "duties", "run")
    mine = session(brigade, "clerk")
    with (
        serving(brigade, LIAOYUAN, "web", "--port", "PORT") as (_pid, port),
        serving(brigade, sys.executable, "-m", "benchmarks.bare", "PORT") as (_bare, bare_port),
    ):
        ours, bare = Client(port, mine["key"]), Client(bare_port)
        rows = f"/rows/{mine['path']}/"
        with moving(brigade, "benchmarks.marker") as change:
            return [
                compare(
                    f"提醒看板（{PEOPLE:,} 人的旅）÷ 裸页",
                    ours=lambda: ours.window("/duties/"),
                    base=lambda: bare.window(rows),
                    aim=AIM,
                    database=database,
                    note="≥ 0.3 × its requests a second",
                ),
                compare(
                    f"参考：提醒看板（{PEOPLE:,} 人的旅，每次请求前都有一件变动）÷ 裸页",
                    ours=lambda: ours.window("/duties/", before=change),
                    base=lambda: bare.window(rows),
                    aim=REFERENCE,
                    database=database,
                    note="every request counts every open duty",
                ),
            ]
