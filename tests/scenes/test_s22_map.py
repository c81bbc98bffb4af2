"""S22, the 党员地图: every member of one's own scope, live, honest about age, for nobody outside."""

import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from liaoyuan.kernel import clock
from tests.e2e.product import Product, Visits

pytestmark = pytest.mark.browser

LATE = 3.0  # seconds after which a change did not come "at once"; the aim, on an idle machine, is 1 s
FAR = 8.0  # degrees: no cell of the whole country's map is wider
COUNT, LABEL = 2, 10  # columns of a cell
_LISTEN = """
window.answers = [];
document.addEventListener('insights-map:answer', (event) => {
    window.answers.push({ at: Date.now(), total: event.detail.total, live: event.detail.live,
        cells: event.detail.cells });
});
"""
# When the browser had the form's answer: the redirect's end, by the wall clock.
_ANSWERED = "performance.timeOrigin + performance.getEntriesByType('navigation')[0].redirectEnd"
# Where the country's outermost left and right stand on the ground, in shares of its width; null while it is bare.
_DRAWN = """
(() => {
    const ground = document.querySelector('canvas.map-ground');
    const { data } = ground.getContext('2d').getImageData(0, 0, ground.width, ground.height);
    let [left, right] = [ground.width, -1];
    for (let at = 0; at < data.length; at += 4) {
        if (data[at] < 0x20) continue;
        const x = (at / 4) % ground.width;
        if (x < left) left = x;
        if (x > right) right = x;
    }
    return right < 0 ? null : [left / ground.width, (right + 1) / ground.width];
})()
"""


def open_map(page: Page, path: str = "/map/") -> dict[str, Any]:
    """Open a page with the map; its first answer."""
    page.add_init_script(_LISTEN)
    page.goto(path)
    until(page, "window.answers.length > 0")
    return newest(page)


def until(page: Page, question: str, given: Any = None) -> Any:
    """The first true answer to ``question``. (Playwright's own wait needs eval, which our pages forbid.)"""
    end = time.monotonic() + 20
    while not (found := page.evaluate(question, given)):
        assert time.monotonic() < end, question
        page.wait_for_timeout(50)
    return found


def newest(page: Page) -> dict[str, Any]:
    """The newest answer."""
    return page.evaluate("window.answers[window.answers.length - 1]")


def far_places(product: Product, cells: list[list[Any]]) -> list[str]:
    """Places so far from every cell that somebody there makes a new one."""
    return [
        name
        for name, site in product.facts["sites"].items()
        if all(abs(site["lon"] - cell[0]) > FAR or abs(site["lat"] - cell[1]) > FAR for cell in cells)
    ]


def open_crowd(page: Page) -> None:
    """Click on a crowd: where it is drawn is told by the map's own hit test, so look for it in a grid, leaving out
    what lies under the buttons."""
    canvas = page.locator("canvas.map-text")
    found = page.evaluate(
        """() => {
            const canvas = document.querySelector('canvas.map-text');
            canvas.scrollIntoView({ block: 'nearest' });
            const box = canvas.getBoundingClientRect();
            for (let y = 6; y < box.height; y += 12)
                for (let x = 6; x < box.width; x += 12) {
                    const where = { clientX: box.left + x, clientY: box.top + y, bubbles: true };
                    if (document.elementFromPoint(where.clientX, where.clientY) !== canvas) continue;
                    canvas.dispatchEvent(new PointerEvent('pointermove', where));
                    if (canvas.classList.contains('map-hot')) return [x, y];
                }
            return null;
        }"""
    )
    assert found, "no crowd on the map"
    canvas.click(position={"x": found[0], "y": found[1]})
    expect(page.locator(".map-panel .crowd")).to_be_visible()


def people_of(product: Product, unit: str) -> int:
    """How many people the workbook puts into a unit and what stands below it."""
    branches = [person["branch"] for person in product.facts["people"].values()]
    return sum(branch == unit or branch.startswith(f"{unit}-") for branch in branches)


def test_a_check_in_reaches_another_open_map_at_once_and_without_reloading(
    login: Visits, product: Product, capsys: pytest.CaptureFixture[str]
) -> None:
    member = login("member")
    member.goto("/whereabouts/checkin/")
    secretary = login("branch_secretary")
    branch = product.facts["units"][product.person("member")["branch"]]
    first = open_map(secretary, f"/map/?unit={branch}")
    expect(secretary.locator(".map-status")).to_have_text("实时")
    secretary.evaluate("window.here = true")
    took = []
    for place in far_places(product, first["cells"])[:2]:
        assert place not in [cell[LABEL] for cell in newest(secretary)["cells"]]
        member.locator("select[name=site]").select_option(product.facts["sites"][place]["id"])
        member.get_by_role("button", name="在这里打卡").click()
        expect(member.get_by_text("已打卡。")).to_be_visible()
        answered = member.evaluate(_ANSWERED)
        seen = until(
            secretary,
            f"place => window.answers.find((one) => one.cells.some((cell) => cell[{LABEL}] === place))",
            place,
        )
        assert [cell[COUNT] for cell in seen["cells"] if cell[LABEL] == place] == [1]
        assert seen["total"] == first["total"]
        took.append((seen["at"] - answered) / 1000)
    with capsys.disabled():
        print(f"\n[S22] check-in answered → on the other map: {', '.join(f'{one:.2f} s' for one in took)}")  # noqa: T201
    assert len(took) == 2
    assert max(took) < LATE
    assert secretary.evaluate("window.here") is True, "the page was loaded anew"


def test_a_crowd_opens_to_its_names_and_that_is_said(login: Visits, product: Product) -> None:
    secretary = login("battalion_secretary")
    open_map(secretary)
    open_crowd(secretary)
    panel = secretary.locator(".map-panel")
    assert panel.locator(".crowd-person").count() > 0
    expect(panel).to_contain_text("展开名单已记入审计。")
    panel.get_by_role("button", name="关闭").click()
    expect(panel).to_be_hidden()


def test_the_slider_shows_where_everybody_was_on_a_past_day(login: Visits) -> None:
    secretary = login("battalion_secretary")
    now = open_map(secretary)
    assert now["live"] is True
    secretary.locator("insights-slider input[type=range]").focus()
    for _day in range(30):
        secretary.keyboard.press("ArrowLeft")
    day = f"{clock.today() - timedelta(days=30):%Y-%m-%d}"
    until(secretary, "window.answers[window.answers.length - 1].live === false")
    expect(secretary.locator("input[name=on]")).to_have_value(day)
    expect(secretary.locator(".map-status")).to_have_text(f"{day} 的位置")
    then = newest(secretary)
    assert then["total"] > 0
    assert then["cells"] != now["cells"]
    secretary.locator("insights-slider input[type=range]").press("End")
    until(secretary, "window.answers[window.answers.length - 1].live === true")
    expect(secretary.locator(".map-status")).to_have_text("实时")


def test_the_wall_shows_the_same_number_without_a_menu(login: Visits) -> None:
    leader = login("leader")
    total = open_map(leader)["total"]
    wall = login("leader")
    answer = open_map(wall, "/map/wall/")
    assert answer["total"] == total
    expect(wall.locator("[data-map=total]")).to_have_text(f"{total:,}")
    expect(wall.locator("nav.sidebar")).to_have_count(0)
    expect(wall.locator(".wall-places li").first).to_be_visible()


def test_without_javascript_the_text_version_says_the_same(login: Visits) -> None:
    total = open_map(login("battalion_secretary"))["total"]
    secretary = login("battalion_secretary", java_script_enabled=False)
    secretary.goto("/map/")
    secretary.locator("insights-map").get_by_role("link", name="文字版").click()
    expect(secretary.locator(".map-totals")).to_contain_text(f"共 {total:,} 人")
    counts = secretary.locator(".map-table tbody tr td:nth-of-type(1)").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts) == total
    secretary.locator(".map-table tbody th a").first.click()
    expect(secretary.locator(".crowd-person").first).to_be_visible()
    secretary.go_back()
    secretary.get_by_role("link", name="一周前").click()
    expect(secretary.locator(".page-subtitle")).to_contain_text("当天结束时")


def test_a_secretary_sees_the_own_battalion_whole_and_nobody_of_another(login: Visits, product: Product) -> None:
    # Of the demo's battalion secretaries those of the first three also sit on the brigade's committee, and see it all.
    own, strange = product.person("battalion_secretary"), product.secretary("L01-Y5")
    unit = product.facts["units"]
    pages = {
        "L01-Y4": login("battalion_secretary", awaiting=(404,)),
        "L01-Y5": login.other(strange, awaiting=(404,)),
    }
    leader = login("leader")
    leader.goto("/map/")
    for code, page in pages.items():
        total = open_map(page)["total"]
        assert total == people_of(product, code)
        assert leader.request.get(f"/map/data?unit={unit[code]}").json()["total"] == total
        for other in pages.keys() - {code}:
            for path in ("/map/", "/map/data", "/map/text/"):
                assert page.request.get(f"{path}?unit={unit[other]}").status == 404, path
    page = pages["L01-Y5"]
    page.goto(f"/map/locate/?q={own['name']}")
    expect(page.locator(".crowd-person").filter(has_text=own["name"])).to_have_count(0)
    page.goto(f"/map/locate/?q={strange['name']}")
    expect(page.locator(".crowd-person").first).to_be_visible()


def test_the_map_fits_the_window_that_it_is_turned_to(login: Visits) -> None:
    secretary = login("battalion_secretary")
    open_map(secretary)
    until(secretary, _DRAWN)  # the base arrives and is drawn
    for width, height in ((390, 844), (1440, 900), (844, 390)):
        secretary.set_viewport_size({"width": width, "height": height})
        secretary.wait_for_timeout(300)
        left, right = until(secretary, _DRAWN)
        assert left > 0.005, (width, height)
        assert left == pytest.approx(1 - right, abs=0.02), (width, height)
    secretary.get_by_role("button", name="放大").click()
    assert until(secretary, _DRAWN)[1] - until(secretary, _DRAWN)[0] > right - left
    secretary.get_by_role("button", name="全部", exact=True).click()
    assert until(secretary, _DRAWN) == [left, right]
