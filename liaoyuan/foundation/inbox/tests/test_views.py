from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, UserFactory
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.inbox.models import Broadcast, ChannelPreference, Delivery, DeliveryState, Item
from liaoyuan.foundation.inbox.policies import Capability
from liaoyuan.foundation.inbox.selectors.items import unread_count
from liaoyuan.foundation.inbox.tests.factories import address_book, new, pair, put
from liaoyuan.kernel import scoping

pytestmark = pytest.mark.django_db
BACKEND = "liaoyuan.foundation.accounts.backends.AccountBackend"


def log_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session[browser_session.TOTP] = True
    session.save()
    return client


@pytest.fixture
def two() -> tuple[User, Client, User, Client]:
    one, other = pair()
    return one, log_in(one), other, log_in(other)


@pytest.fixture
def senders(monkeypatch: Any) -> Callable[..., None]:
    """Give accounts ``inbox.send`` everywhere."""

    def give(*users: User) -> None:
        names = {user.pk for user in users}
        source = lambda user: [(Capability.SEND, "")] if user.pk in names else []  # noqa: E731
        monkeypatch.setattr(scoping, "_sources", [*scoping._sources, source])

    return give


def item_of(user: User) -> Item:
    return Item.objects.get(user=user)


def text(response: Any) -> str:
    return str(response.content.decode())


def test_one_sees_one_s_own_list_worst_first_and_never_another_s(two: Any):
    one, mine, other, theirs = two
    put(
        new(one, key="1", title="不急的事"),
        new(one, key="2", title="逾期的事", level="late", due_on=date(2026, 11, 20)),
        new(other, key="3", title="别人的事"),
    )
    page = text(mine.get(reverse("inbox:list")))
    assert page.index("逾期的事") < page.index("不急的事")
    assert "逾期 3 天" in page
    assert "别人的事" not in page
    assert "不急的事" not in text(theirs.get(reverse("inbox:list")))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"待办甲", "必读乙", "消息丙"}),
        ("?kind=todo", {"待办甲"}),
        ("?kind=message", {"必读乙", "消息丙"}),
        ("?show=unread", {"待办甲", "必读乙", "消息丙"}),
        ("?show=handled", {"办完丁", "读过戊"}),
        ("?show=snoozed", {"推迟己"}),
        ("?show=all", {"待办甲", "必读乙", "消息丙", "办完丁", "读过戊", "推迟己"}),
        ("?show=nonsense", set()),
        ("?q=乙 必", {"必读乙"}),
        ("?q=%00乙", {"必读乙"}),
        ("?level=3", set()),
    ],
)
def test_filters_and_search(two: Any, query: str, shown: set[str]):
    one, mine, *_rest = two
    put(
        new(one, key="1", title="待办甲"),
        new(one, key="2", title="必读乙", kind="message", must_read=True),
        new(one, key="3", title="消息丙", kind="message"),
        new(one, key="4", title="办完丁"),
        new(one, key="5", title="读过戊", kind="message"),
        new(one, key="6", title="推迟己"),
    )
    Item.objects.filter(key__in=["4"]).update(done_at="2026-11-22T00:00Z", read_at="2026-11-22T00:00Z")
    Item.objects.filter(key__in=["5"]).update(read_at="2026-11-22T00:00Z")
    Item.objects.filter(key__in=["6"]).update(snoozed_until=date(2026, 11, 30), read_at="2026-11-22T00:00Z")
    page = text(mine.get(reverse("inbox:list") + query))
    names = {"待办甲", "必读乙", "消息丙", "办完丁", "读过戊", "推迟己"}
    assert {name for name in names if f">{name}</a>" in page} == shown


def test_the_list_costs_as_many_queries_for_many_as_for_few(two: Any, django_assert_max_num_queries: Any):
    one, mine, *_rest = two
    put(*(new(one, key=str(number), kind="message" if number % 2 else "todo") for number in range(60)))
    mine.get(reverse("inbox:list"))
    with django_assert_max_num_queries(14) as few:
        mine.get(reverse("inbox:list"))
    put(*(new(one, key=str(number), kind="message" if number % 2 else "todo") for number in range(180)))
    with django_assert_max_num_queries(14) as many:
        mine.get(reverse("inbox:list"))
    assert len(many) == len(few)


def test_the_bell_stands_on_every_page_with_the_number(two: Any):
    one, mine, *_rest = two
    assert 'class="bell-count" data-count="0" hidden' in text(mine.get("/"))
    put(*(new(one, key=str(number)) for number in range(3)))
    page = text(mine.get(reverse("accounts:password")))
    assert 'class="bell-count" data-count="3"><b>3</b>' in page
    put(*(new(one, key=str(number)) for number in range(120)))
    assert "<b>99+</b>" in text(mine.get("/"))


def test_a_visitor_sees_no_bell(client: Client):
    assert "inbox-badge" not in text(client.get("/account/login/"))


def test_the_home_page_lists_todos_and_what_must_be_read_worst_first(two: Any):
    one, mine, *_rest = two
    put(
        new(one, key="1", title="不急的事", body="第一行\n第二行"),
        new(one, key="2", title="逾期的事", level="late", url="/units/"),
        new(one, key="3", title="周五党课", kind="message", must_read=True, sender="乙教导员"),
        new(one, key="4", title="一般消息", kind="message"),
    )
    page = text(mine.get("/todos/"))
    assert page.index("逾期的事") < page.index("请阅读：周五党课") < page.index("不急的事")
    assert "一般消息" not in page
    assert "第二行" not in page
    keys = {row.key: row.pk for row in Item.objects.all()}
    assert reverse("inbox:go", args=[keys["2"]]) in page
    assert reverse("inbox:item", args=[keys["3"]]) in page


def test_opening_an_item_is_reading_it(two: Any):
    one, mine, _other, theirs = two
    put(new(one, body="<b>正文</b>\n第二行"))
    address = reverse("inbox:item", args=[item_of(one).pk])
    assert theirs.get(address).status_code == 404
    assert mine.head(address).status_code == 200
    assert item_of(one).read_at is None
    page = text(mine.get(address))
    assert "&lt;b&gt;正文&lt;/b&gt;" in page
    assert item_of(one).read_at is not None
    assert unread_count(one.pk) == 0


def test_what_must_be_read_is_read_by_its_button_alone(two: Any):
    one, mine, _other, theirs = two
    put(new(one, kind="message", must_read=True))
    key = item_of(one).pk
    assert reverse("inbox:read", args=[key]) not in text(mine.get(reverse("inbox:list")))
    page = text(mine.get(reverse("inbox:item", args=[key])))
    assert "我已阅读" in page
    assert item_of(one).read_at is None
    assert theirs.post(reverse("inbox:read", args=[key])).status_code == 404
    assert mine.get(reverse("inbox:read", args=[key])).status_code == 405
    answer = mine.post(reverse("inbox:read", args=[key]), {"next": "/inbox/?show=unread"})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/?show=unread")
    assert item_of(one).read_at is not None
    assert "我已阅读" not in text(mine.get(reverse("inbox:item", args=[key])))


@pytest.mark.parametrize(
    "asked", ["https://evil.example/", "//evil.example", "", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_button_never_leads_elsewhere(two: Any, asked: str):
    one, mine, *_rest = two
    put(new(one))
    answer = mine.post(reverse("inbox:read", args=[item_of(one).pk]), {"next": asked})
    assert answer["Location"] == reverse("inbox:list")


def test_going_there_counts_as_read(two: Any):
    one, mine, _other, theirs = two
    put(new(one, url="/units/?q=1"))
    address = reverse("inbox:go", args=[item_of(one).pk])
    assert theirs.get(address).status_code == 404
    assert mine.get(address)["Location"] == "/units/?q=1"
    assert item_of(one).read_at is not None


def test_done_and_snooze_from_the_page(two: Any):
    one, mine, *_rest = two
    put(new(one))
    key = item_of(one).pk
    late = mine.post(reverse("inbox:snooze", args=[key]), {"until": "2026-11-23", "reason": "等他归队"})
    assert late.status_code == 422
    assert "须在今天之后" in text(late)
    empty = mine.post(reverse("inbox:snooze", args=[key]), {"until": "nonsense", "reason": ""})
    assert empty.status_code == 422
    assert mine.get(reverse("inbox:snooze", args=[key])).status_code == 200
    assert (
        mine.post(reverse("inbox:snooze", args=[key]), {"until": "2026-11-30", "reason": "等他归队"}).status_code == 302
    )
    assert item_of(one).snoozed_until == date(2026, 11, 30)
    assert "等他归队" in text(mine.get(reverse("inbox:item", args=[key])))
    assert mine.post(reverse("inbox:done", args=[key])).status_code == 302
    assert item_of(one).done_at is not None
    assert mine.post(reverse("inbox:snooze", args=[key]), {"until": "2026-11-30", "reason": "再推"}).status_code == 422


def test_a_todo_that_a_fact_closes_has_no_button_and_says_so(two: Any):
    one, mine, *_rest = two
    put(new(one, by_fact=True, url="/units/"))
    key = item_of(one).pk
    page = text(mine.get(reverse("inbox:item", args=[key])))
    assert reverse("inbox:done", args=[key]) not in page
    assert "自动办结" in page
    answer = mine.post(reverse("inbox:done", args=[key]), follow=True)
    assert "不能直接勾掉" in text(answer)
    assert item_of(one).done_at is None


def test_all_read(two: Any):
    one, mine, *_rest = two
    put(new(one), new(one, key="2", kind="message", must_read=True))
    answer = mine.post(reverse("inbox:read_all"), follow=True)
    assert "已把 1 项标为已读" in text(answer)
    assert unread_count(one.pk) == 1


def test_channels_offer_only_what_the_instance_has(two: Any, to_gateway: Any, to_postbox: Any):
    one, mine, *_rest = two
    address = reverse("inbox:channels")
    assert "本站没有站外渠道" in text(mine.get(address))
    to_gateway("http://127.0.0.1:9/")
    page = text(mine.get(address))
    assert "短信网关" in page
    assert "电子邮箱" not in page
    to_postbox(9)
    assert "22:00 至 06:30 是静默时段" in text(mine.get(address))
    good = {"email": "jia@unit.example", "mode_email": "digest", "mode_webhook": "off", "digest_at": "18:30"}
    for change in ({"email": "nobody"}, {"mode_email": "sometimes"}, {"digest_at": "25:00"}):
        assert mine.post(address, {**good, **change}).status_code == 422
    assert not ChannelPreference.objects.exists()
    assert mine.post(address, good).status_code == 302
    row = ChannelPreference.objects.get()
    assert (row.user_id, row.email, row.modes) == (
        one.pk, "jia@unit.example", {"email": "digest", "webhook": "off"},
    )  # fmt: skip
    assert f"{row.digest_at:%H:%M}" == "18:30"
    assert 'value="jia@unit.example"' in text(mine.get(address))


def test_writing_to_many_and_seeing_who_has_read(two: Any, senders: Any):
    one, mine, other, theirs = two
    senders(one)
    crew = UserFactory.create_batch(2)
    with address_book({"一连": [one, other, *crew], "二连": [one]}):
        assert theirs.get(reverse("inbox:compose")).status_code == 403
        assert "写消息" in text(mine.get(reverse("inbox:compose")))
        assert mine.get(reverse("inbox:compose") + "?to=unknown").status_code == 404
        good = {"choice": "一连", "title": "周五党课", "body": "九点", "must_read": "on"}
        for change in ({"title": ""}, {"choice": "三连"}, {"choice": "二连"}, {"title": "长" * 201}):
            assert mine.post(reverse("inbox:compose"), {**good, **change}).status_code == 422
        assert not Broadcast.objects.exists()
        answer = mine.post(reverse("inbox:compose"), good)
    made = Broadcast.objects.get()
    address = reverse("inbox:sent_one", args=[made.pk])
    assert answer["Location"] == address
    page = text(mine.get(address))
    assert "0 / 3 人已读" in page
    assert "乙一" in page
    assert "周五党课" in text(mine.get(reverse("inbox:sent")))
    key = Item.objects.get(user=other).pk
    theirs.post(reverse("inbox:read", args=[key]))
    assert "1 / 3 人已读" in text(mine.get(address))
    assert "乙一" not in text(mine.get(address + "?read=no"))
    assert "乙一" in text(mine.get(address + "?read=yes"))
    assert "已提醒 2 人" in text(mine.post(reverse("inbox:chase", args=[made.pk]), follow=True))
    assert "今天已经催过" in text(mine.post(reverse("inbox:chase", args=[made.pk]), follow=True))


def test_a_message_is_withdrawn_with_a_reason(two: Any, senders: Any):
    one, mine, other, theirs = two
    senders(one, other)
    with address_book({"一连": [one, other]}):
        mine.post(reverse("inbox:compose"), {"choice": "一连", "title": "周五党课"})
    made = Broadcast.objects.get()
    address = reverse("inbox:withdraw", args=[made.pk])
    assert theirs.get(address).status_code == 404
    assert theirs.post(address, {"reason": "不该"}).status_code == 404
    assert "撤回“周五党课”" in text(mine.get(address))
    assert mine.post(address, {"reason": ""}).status_code == 422
    assert Broadcast.objects.get().withdrawn_at is None
    assert mine.post(address, {"reason": "时间写错了"}).status_code == 302
    assert "时间写错了" in text(theirs.get(reverse("inbox:item", args=[item_of(other).pk])))
    assert "已撤回" in text(mine.get(reverse("inbox:sent")))


def test_recipients_cost_as_many_queries_for_many_as_for_few(
    two: Any, senders: Any, django_assert_max_num_queries: Any
):
    one, mine, *_rest = two
    senders(one)
    with address_book({"一人": UserFactory.create_batch(1), "多人": UserFactory.create_batch(40)}):
        counted = []
        for choice in ("一人", "多人"):
            where = mine.post(reverse("inbox:compose"), {"choice": choice, "title": "周五党课"})["Location"]
            mine.get(where)
            with django_assert_max_num_queries(14) as asked:
                mine.get(where)
            counted.append(len(asked))
    assert counted[0] == counted[1]


def test_the_dead_letters_say_why_and_never_what(two: Any, to_gateway: Any):
    one, mine, *_rest = two
    administrator = log_in(AdminFactory(username="xitong", admin_kind=AdminKind.SYSTEM, must_change_password=False))
    to_gateway("http://127.0.0.1:9/")
    put(new(one, title="李四的入党申请", level="late"), new(one, key="2", title="另一件", level="late"))
    Delivery.objects.update(state=DeliveryState.DEAD, attempts=12, last_error="网关没有接收（503）")
    address = reverse("inbox:deliveries")
    for refused in (mine.get(address), mine.post(reverse("inbox:retry_all"))):
        assert refused.status_code == 403
    assert Delivery.objects.filter(state="dead").count() == 2
    page = text(administrator.get(address))
    assert "网关没有接收（503）" in page
    assert "jia-1" in page
    assert "2 条发送失败" in page
    assert "李四" not in page
    assert "有 2 条消息没有发到站外" in text(administrator.get("/todos/"))
    assert "没有发到站外" not in text(mine.get("/todos/"))
    key = Delivery.objects.first().pk
    assert mine.post(reverse("inbox:retry", args=[key])).status_code == 403
    assert "已重新排队" in text(administrator.post(reverse("inbox:retry", args=[key]), follow=True))
    assert "已不在失败状态" in text(administrator.post(reverse("inbox:retry", args=[key]), follow=True))
    assert "已把 1 条重新排队" in text(administrator.post(reverse("inbox:retry_all"), follow=True))
    assert AuditEntry.objects.filter(action="inbox.delivery_retry").count() == 2
    for state, shown in (("queued", True), ("all", True), ("sent", False)):
        assert ("jia-1" in text(administrator.get(f"{address}?state={state}"))) is shown


def test_a_visitor_is_sent_to_the_log_in(client: Client):
    for route in ("inbox:list", "inbox:channels", "inbox:compose", "inbox:sent", "inbox:deliveries"):
        assert client.get(reverse(route)).status_code == 302
