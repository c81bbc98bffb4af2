"""Every persona, every page of the menu, at both sizes: nothing breaks, everything is accessible, nothing leaves."""

from collections.abc import Callable

import pytest

from tests.browsing import House, Visitor

pytestmark = pytest.mark.browser
TITLES = (
    "普通党员",
    "外支部党员",
    "党小组长",
    "支部书记",
    "营党委书记",
    "旅组织干事",
    "检查组成员",
    "旅领导",
    "系统管理员",
    "安全管理员",
    "审计管理员",
)


@pytest.mark.parametrize("title", TITLES)
def test_a_persona_walks_through_his_whole_menu(title: str, visit: Callable[..., Visitor], house: House) -> None:
    visitor = visit(title)
    visitor.look("/")
    links = visitor.page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    paths = sorted({link.split("?")[0] for link in links} - {"/"})
    assert paths
    for path in paths:
        visitor.open(path)


@pytest.mark.parametrize("title", ["普通党员", "旅组织干事"])
def test_the_menu_works_on_a_handheld(title: str, visit: Callable[..., Visitor]) -> None:
    visitor = visit(title, size="hand")
    visitor.look("/")
    links = visitor.page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for path in sorted({link.split("?")[0] for link in links} - {"/"}):
        visitor.open(path)


def test_every_persona_of_the_matrix_has_a_log_in(house: House) -> None:
    assert set(house.logins) == set(TITLES)
