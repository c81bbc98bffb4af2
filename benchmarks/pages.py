"""Pages and endpoints at 100,000 people against a bare page of the same server, on both databases (issue §6)."""

import sys
from urllib.parse import quote

from benchmarks.client import Client
from benchmarks.pairs import Result, bound, calibrate, compare
from benchmarks.world import LIAOYUAN, World, serving, session, world

LIST = "/members/?standing=full&sort=rank"
NETBOX_LIST_MS, HORILLA_LIST_MS, PEER_CALIBRATOR_MS = 227.0, 1009.0, 140.0  # docs/benchmarks.md: measured elsewhere
MAP_BYTES = 60_000


def measure(people: int, small: int) -> list[Result]:
    """Every row of this group."""
    return [row for database in ("sqlite", "postgresql") for row in _database(database, people, small)]


def _database(database: str, people: int, small: int) -> list[Result]:
    large_world, small_world = world(people, database), world(small, database)
    results: list[Result] = []
    with (
        serving(large_world, LIAOYUAN, "web", "--port", "PORT") as (_pid, port),
        serving(large_world, sys.executable, "-m", "benchmarks.bare", "PORT") as (_bare, bare_port),
        serving(small_world, LIAOYUAN, "web", "--port", "PORT") as (_small, small_port),
    ):
        results += _lists(database, large_world, small_world, port, bare_port, small_port)
        results += _search(database, large_world, port, bare_port)
        results += _map(database, large_world, port, bare_port)
    return results


def _lists(database: str, large: World, small: World, port: int, bare_port: int, small_port: int) -> list[Result]:
    mine, his = session(large, "battalion"), session(small, "battalion")
    ours = Client(port, mine["key"])
    bare = Client(bare_port)
    few = Client(small_port, his["key"])
    rows = f"/rows/{mine['path']}/"
    against = compare(
        "成员列表 50 行（一个营，筛选、排序）÷ 同行数的裸 Django 页",
        ours=lambda: ours.window(LIST),
        base=lambda: bare.window(rows),
        aim=4.0,
        database=database,
    )
    growth = compare(
        f"成员列表：{large.people} 人 ÷ {small.people} 人",
        ours=lambda: ours.window(LIST),
        base=lambda: few.window(LIST),
        aim=1.5,
        database=database,
    )
    milliseconds = 1000 * sorted(ours.window(LIST, requests=40))[20] * PEER_CALIBRATOR_MS / calibrate()
    peers = [
        bound(
            f"成员列表 ÷ {name}（其测得 {figure:g} ms，换算到同一校准值）",
            round(milliseconds / figure, 3),
            1 / times,
            unit="×",
            database=database,
        )
        for name, figure, times in (("NetBox 列表", NETBOX_LIST_MS, 5), ("Horilla 列表", HORILLA_LIST_MS, 20))
    ]
    return [against, growth, *peers]


def _search(database: str, large: World, port: int, bare_port: int) -> list[Result]:
    mine = session(large, "clerk")
    ours, bare = Client(port, mine["key"]), Client(bare_port)
    program = Client(port, mine["key"], Accept="application/json")
    asked = [f"/api/v1/members?q={quote(mine[key])}&limit=10" for key in ("name", "pinyin", "initials")]
    one = f"/row/{mine['person']}/"
    return [
        compare(
            "姓名搜索 p95 ÷ 同栈单行（GET /api/v1/me）p95",
            ours=lambda: program.window(*asked),
            base=lambda: program.window("/api/v1/me"),
            aim=2.0,
            database=database,
            share=0.95,
        ),
        compare(
            "参考：姓名搜索 p50 ÷ 无登录无中间件的裸单行视图 p50",
            ours=lambda: program.window(*asked),
            base=lambda: bare.window(one),
            aim=99.0,
            database=database,
            note="only for reference",
        ),
        compare(
            "参考：页面搜索片段 p50 ÷ 同栈单行 p50",
            ours=lambda: ours.window(f"/members/search/?q={quote(mine['initials'])}"),
            base=lambda: program.window("/api/v1/me"),
            aim=99.0,
            database=database,
            note="only for reference",
        ),
    ]


def _map(database: str, large: World, port: int, bare_port: int) -> list[Result]:
    mine = session(large, "clerk")
    ours = Client(port, mine["key"], Accept="application/json")
    bare = Client(bare_port)
    path = "/map/data?z=4"
    rows = f"/rows/{mine['path']}/"
    return [
        compare(
            "地图数据（全旅）p95 ÷ 裸页 p95",
            ours=lambda: ours.window(path),
            base=lambda: bare.window(rows),
            aim=5.0,
            database=database,
            share=0.95,
        ),
        bound("地图数据（全旅）压缩后", ours.wire_size(path), MAP_BYTES, unit="B", database=database),
    ]
