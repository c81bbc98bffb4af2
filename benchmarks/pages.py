"""Pages and endpoints at 100,000 people against a bare page of the same server, on both databases (issue §6)."""

import sys
from collections.abc import Callable
from urllib.parse import quote

from benchmarks.client import Client
from benchmarks.pairs import REFERENCE, Result, bound, calibrate, compare, reference
from benchmarks.world import LIAOYUAN, World, moving, serving, session, world

LIST = "/members/?standing=full&sort=rank"
MAP = "/map/data?z=4"
NETBOX_LIST_MS, HORILLA_LIST_MS, PEER_CALIBRATOR_MS = 227.0, 1009.0, 140.0  # docs/benchmarks.md: measured elsewhere
MAP_BYTES, LIST_QUERIES = 60_000, 15


def measure(people: int, small: int) -> list[Result]:
    """Every row of this group."""
    return [row for database in ("sqlite", "postgresql") for row in _database(database, people, small)]


def _database(database: str, people: int, small: int) -> list[Result]:
    large_world, small_world = world(people, database), world(small, database)
    results: list[Result] = []
    with (
        serving(large_world, sys.executable, "-m", "benchmarks.same_stack", "PORT") as (_pid, port),
        serving(large_world, sys.executable, "-m", "benchmarks.bare", "PORT") as (_bare, bare_port),
        serving(small_world, LIAOYUAN, "web", "--port", "PORT") as (_small, small_port),
    ):
        results += _lists(database, large_world, small_world, port, bare_port, small_port)
        results += _search(database, large_world, port, bare_port)
        with moving(large_world) as move:
            results += _map(database, large_world, port, bare_port, move)
    return results


def _lists(database: str, large: World, small: World, port: int, bare_port: int, small_port: int) -> list[Result]:
    mine, his = session(large, "battalion"), session(small, "battalion")
    ours, few, bare = Client(port, mine["key"]), Client(small_port, his["key"]), Client(bare_port)
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
    return [against, growth, *peers, _queries(database, (large, mine), (small, his))]


def _queries(database: str, *sides: tuple[World, dict[str, str]]) -> Result:
    counted = [int(side.run(sys.executable, "-m", "benchmarks.queries", mine["key"], LIST)) for side, mine in sides]
    note = f"{counted[1]} at {sides[1][0].people} people"
    if counted[0] != counted[1]:
        raise SystemExit(f"the member list takes {counted[0]} queries, but {note}")
    return bound("成员列表的查询数（与人数无关）", counted[0], LIST_QUERIES, unit="", database=database, note=note)


def _search(database: str, large: World, port: int, bare_port: int) -> list[Result]:
    mine = session(large, "clerk")
    page, bare = Client(port, mine["key"]), Client(bare_port)
    box = Client(port, mine["key"], **{"HX-Request": "true", "HX-Target": "search-found"})
    program = Client(port, mine["key"], Accept="application/json")
    words = [quote(mine[key]) for key in ("name", "pinyin", "initials")]
    typed, asked = [f"/members/search/?q={word}" for word in words], [f"/api/v1/members?q={word}" for word in words]
    one = f"/bench/row/{mine['person']}/"
    aimed = compare(
        "姓名搜索（全体，搜索框）p95 ÷ 同一服务器按主键取一行的裸视图 p95",
        ours=lambda: box.window(*typed),
        base=lambda: page.window(one),
        aim=2.0,
        database=database,
        share=0.95,
    )
    compared: list[tuple[str, Callable[[], list[float]], Callable[[], list[float]]]] = [
        ("姓名搜索接口 /api/v1/members p95 ÷ 同上 p95", lambda: program.window(*asked), lambda: page.window(one)),
        ("姓名搜索（搜索框）p95 ÷ /api/v1/me p95", lambda: box.window(*typed), lambda: program.window("/api/v1/me")),
        (
            "姓名搜索（搜索框）p95 ÷ 无登录无中间件的裸单行视图 p95",
            lambda: box.window(*typed),
            lambda: bare.window(f"/row/{mine['person']}/"),
        ),
    ]
    return [aimed, *(reference(name, ours=mine, base=other, database=database) for name, mine, other in compared)]


def _map(database: str, large: World, port: int, bare_port: int, move: Callable[[], object]) -> list[Result]:
    mine = session(large, "clerk")
    ours, bare = Client(port, mine["key"], Accept="application/json"), Client(bare_port)
    rows = f"/rows/{mine['path']}/"
    first = ours.window(MAP, requests=1)[0]
    once = bare.window(rows)
    return [
        compare(
            "地图数据（全体，刚有人打卡）p95 ÷ 裸页 p95",
            ours=lambda: ours.window(MAP, before=move),
            base=lambda: bare.window(rows),
            aim=5.0,
            database=database,
            share=0.95,
        ),
        compare(
            "地图数据（全体，无变动）p95 ÷ 裸页 p95",
            ours=lambda: ours.window(MAP),
            base=lambda: bare.window(rows),
            aim=5.0,
            database=database,
            share=0.95,
        ),
        bound(
            "参考：地图数据，进程起动后或导入后的第一次 ÷ 裸页",
            round(first / sorted(once)[len(once) // 2], 1),
            REFERENCE,
            unit="×",
            database=database,
        ),
        bound("地图数据（全体）压缩后", ours.wire_size(MAP), MAP_BYTES, unit="B", database=database),
    ]
