"""My day, for every persona."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from liaoyuan.desk.home.selectors import my_day, my_tasks
from liaoyuan.desk.home.views import greeting
from liaoyuan.kernel import clock, registry
from liaoyuan.kernel.registry import Tile, Todo
from liaoyuan.organisation.members.tests.factories import PERSONAS, PersonFactory

pytestmark = pytest.mark.django_db
HOME, TODOS = reverse("home:index"), reverse("home:todos")


@pytest.fixture
def bare(monkeypatch):
    """Nobody has registered anything for the home page."""
    for name in ("_todos", "_tiles", "_home_panels"):
        monkeypatch.setattr(registry, name, {})


def todo(title: str, **values) -> Todo:
    return Todo(title=title, why="因为", url="/x/", action="去办", **values)


@pytest.mark.parametrize("persona", PERSONAS)
def test_everybody_has_a_home(browser, persona):
    client = browser(persona)
    assert client.get(HOME).status_code == 200
    assert client.get(TODOS).status_code == 200


def test_the_day_is_told_as_people_say_it(browser):
    with clock.set_to(date(2026, 11, 22)):
        assert "11月22日 周日" in browser("member").get(HOME).content.decode()


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_box_for_people_is_offered_to_whoever_may_look_for_them(browser, persona):
    client = browser(persona)
    offered = 'id="search-box"' in client.get(HOME).content.decode()
    assert offered is (client.get(reverse("members:search")).status_code == 200)
    assert offered is not persona.endswith("_admin")


def test_a_visitor_is_sent_to_the_log_in(client):
    assert client.get(HOME).status_code == 302


def test_todos_come_worst_first_with_their_time_in_words(house, bare):
    today = clock.today()
    registry.add_todos(
        "t",
        lambda actor: [
            todo("有空", severity=1),
            todo("近期", severity=2),
            todo("明天", severity=2, due=today + timedelta(days=1)),
            todo("今天", severity=3, due=today),
            todo("逾期", severity=3, due=today - timedelta(days=2)),
            todo("急", severity=3),
        ],
    )
    tasks = my_tasks(house.actor("member"))
    assert [(task.todo.title, task.level, task.label) for task in tasks] == [
        ("逾期", "late", "逾期 2 天"),
        ("今天", "late", "今天到期"),
        ("急", "late", "需尽快处理"),
        ("明天", "soon", "还有 1 天"),
        ("近期", "soon", "近期处理"),
        ("有空", "info", "有空时处理"),
    ]


def test_a_due_day_of_another_year_is_shown_with_its_year(house, browser, bare):
    this_year = clock.today().replace(month=6, day=1)
    last_december = date(this_year.year - 1, 12, 21)
    registry.add_todos("t", lambda actor: [todo("旧", due=last_december), todo("今", due=this_year), todo("无")])
    assert [task.day for task in my_tasks(house.actor("member"))] == [f"{last_december}", "06-01", ""]
    assert f">{last_december}</time>" in browser("member").get(HOME).content.decode()


def test_home_shows_six_todos_and_says_how_many_more(browser, bare):
    registry.add_todos("t", lambda actor: [todo(f"第{number}件") for number in range(9)])
    client = browser("member")
    text = client.get(HOME).content.decode()
    assert text.count('class="task task-') == 6
    assert "还有 3 项" in text
    assert client.get(TODOS).content.decode().count('class="task task-') == 9


def test_everything_is_asked_for_ones_own_actor(house, browser, bare):
    registry.add_todos("t", lambda actor: [todo(f"{actor.name}的事")])
    registry.add_tile("t", lambda actor: Tile(f"{actor.name}的数", 7, "人", trend=(1, 2, 7)))
    for persona, mine, other in (
        ("branch_secretary", "甲指导员", "乙指导员"),
        ("branch_secretary_b", "乙指导员", "甲指导员"),
    ):
        text = browser(persona).get(HOME).content.decode()
        assert f"{mine}的事" in text
        assert f"{mine}的数" in text
        assert other not in text


def test_panels_are_rendered_with_their_own_context_where_visible(house, browser, bare):
    registry.add_home_panel(
        "empty",
        "ui/_empty.html",
        order=1,
        visible=lambda actor: actor.person_id is not None,
        context=lambda actor: {"title": f"<{actor.name}>的图", "hint": "", "url": "", "action": "", "picture": ""},
    )
    text = browser("member").get(HOME).content.decode()
    assert "&lt;甲战士&gt;的图" in text
    assert "这里没有党员地图" not in text
    assert "的图" not in browser("audit_admin").get(HOME).content.decode()


@pytest.mark.parametrize("persona", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_are_told_why_there_is_no_map_and_get_their_own_links(browser, persona):
    response = browser(persona).get(HOME)
    text = response.content.decode()
    assert "三员账号与党员数据相互隔离" in text
    assert "day-numbers" not in text
    own = {
        "system_admin": reverse("oversight:system"),
        "security_admin": reverse("accounts:manage"),
        "audit_admin": reverse("oversight:log"),
    }
    assert f'class="btn" href="{own[persona]}"' in text
    assert response.context["day"].panels == []
    assert response.context["day"].tiles == []


def test_an_account_without_person_and_post_is_told_whom_to_ask(house, bare):
    actor = house.actor("member")
    stranger = type(actor)(user_id=actor.user_id, name="客人")
    assert "请联系本级组织干事" in my_day(stranger).why_no_panel
    assert "请联系本支部书记" in my_day(actor).why_no_panel


def test_empty_states_say_why(browser, bare):
    text = browser("member").get(HOME).content.decode()
    assert "今天没有待办" in text
    assert "会自动出现在这里" in text
    assert "没有待办" in browser("member").get(TODOS).content.decode()


def test_only_three_numbers(house, bare):
    for number in range(5):
        registry.add_tile(f"t{number}", lambda actor, number=number: Tile(f"数{number}", number, "人"))
    assert [tile.label for tile in my_day(house.actor("member")).tiles] == ["数0", "数1", "数2"]


@pytest.mark.parametrize("persona", ["member", "branch_secretary", "organisation_clerk", "audit_admin"])
def test_more_people_cost_no_more_queries(house, browser, persona, django_assert_max_num_queries):
    client = browser(persona)
    client.get(HOME)
    with django_assert_max_num_queries(45) as few:
        client.get(HOME)
    for branch in (house.branch_a, house.branch_b):
        PersonFactory.create_batch(5, unit=branch)
    with django_assert_max_num_queries(45) as many:
        client.get(HOME)
    assert len(few) == len(many)


def test_the_greeting_follows_the_hour():
    assert [greeting(hour) for hour in (3, 6, 11, 14, 18, 23)] == [
        "夜深了",
        "早上好",
        "中午好",
        "下午好",
        "晚上好",
        "晚上好",
    ]
