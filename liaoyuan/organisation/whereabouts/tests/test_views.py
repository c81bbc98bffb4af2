import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, SiteFactory, UnitFactory
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts.models import CheckIn, Posting, Purpose
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh
from liaoyuan.organisation.whereabouts.tests.factories import PostingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(house: House) -> Any:
    def make(persona: str) -> Client:
        client = house.login(Client(), persona)
        session = client.session
        session[browser_session.TOTP] = True
        session.save()
        return client

    return make


def text(answer: Any) -> str:
    return answer.content.decode()


def fields(training: Purpose, camp: Site, **more: Any) -> dict[str, Any]:
    return {
        "purpose": training.pk, "site": camp.pk, "since": "2026-11-20", "planned_end": "2026-12-20", "note": "",
        "attached_unit": "", "numbers": "", "step": "save", **more,
    }  # fmt: skip


def test_register_shows_ones_own_side_only(house: House, clients: Any):
    PostingFactory(person=house.people["member"])
    PostingFactory(person=house.people["member_b"])
    page = text(clients("battalion_secretary").get(reverse("whereabouts:register")))
    assert "甲战士" in page
    assert "乙战士" not in page
    assert "现在在外 <strong>1</strong> 人" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"state": "now"}, {"甲战士", "甲无账号"}),
        ({"state": "overdue"}, {"甲无账号"}),
        ({"state": "planned"}, {"甲班长"}),
        ({"state": "back"}, {"甲指导员"}),
        ({"on": "2026-08-10"}, {"甲指导员"}),
        ({"on": "2026-08-11"}, set()),
        ({"q": "甲班长"}, {"甲班长"}),
        ({"q": "西北"}, {"甲战士", "甲无账号", "甲班长", "甲指导员"}),
        ({"state": "nonsense"}, set()),
        ({"purpose": "not-a-uuid"}, set()),
    ],
)
def test_register_filters(house: House, clients: Any, query: dict[str, str], names: set[str]):
    people = house.people
    PostingFactory(person=people["member"])
    PostingFactory(person=people["plain_a"], planned_end=date(2026, 11, 10))
    PostingFactory(person=people["group_leader"], since=date(2026, 12, 1))
    PostingFactory(
        person=people["branch_secretary"], since=date(2026, 8, 1), planned_end=None, ended_on=date(2026, 8, 10)
    )
    page = text(clients("battalion_secretary").get(reverse("whereabouts:register"), query))
    every = {"甲战士", "甲无账号", "甲班长", "甲指导员"}
    assert {name for name in every if f'chip-name">{name}<' in page} == names


def test_register_says_how_long_overdue(house: House, clients: Any):
    PostingFactory(person=house.people["member"], planned_end=date(2026, 11, 10))
    assert "逾期未归 12 天" in text(clients("battalion_secretary").get(reverse("whereabouts:register")))


def test_register_costs_the_same_queries_for_many_as_for_few(
    house: House, clients: Any, django_assert_max_num_queries: Any
):
    for _ in range(40):
        PostingFactory(person=PersonFactory(unit=house.branch_a))
    client = clients("battalion_secretary")
    client.get(reverse("whereabouts:register"))
    with django_assert_max_num_queries(22):
        client.get(reverse("whereabouts:register"))


def test_who_may_not_export_gets_the_page_instead(house: House, clients: Any):
    """Seeing the register is less than taking it along: a group leader's export answers with the page."""
    answer = clients("group_leader").get(reverse("whereabouts:register"), {"export": "xlsx"})
    assert answer["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.filter(action="whereabouts.export").exists()


def test_export_is_what_is_shown_and_recorded(house: House, clients: Any):
    PostingFactory(person=house.people["member"], note="=1+1")
    answer = clients("battalion_secretary").get(
        reverse("whereabouts:register"), {"export": "xlsx", "cols": "person,site,since,note"}
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True))
    assert any(row[0] == "甲战士" for row in rows)
    entry = AuditEntry.objects.get(action="whereabouts.export")
    assert entry.detail["rows"] == 1


@pytest.mark.parametrize("persona", ["member", "system_admin", "audit_admin"])
def test_register_is_not_for_everybody(clients: Any, persona: str):
    assert clients(persona).get(reverse("whereabouts:register")).status_code == 403


def test_one_form_posts_a_group_by_ticks_and_pasted_numbers(house: House, clients: Any, training: Purpose, camp: Site):
    data = fields(training, camp, person=[str(house.people["member"].pk)], numbers="a-plain\n A-plain, A-group-leader")
    data["numbers"] = "A-plain\n A-plain, A-group-leader"
    answer = clients("branch_secretary").post(reverse("whereabouts:post"), data)
    assert answer.status_code == 302
    people = {row.person.name for row in Posting.objects.all()}
    assert people == {"甲战士", "甲无账号", "甲班长"}


def test_finding_people_keeps_what_is_filled_in_and_saves_nothing(
    house: House, clients: Any, training: Purpose, camp: Site
):
    data = fields(training, camp, person=[str(house.people["member"].pk)], find_text="甲无", step="find", since="")
    page = text(clients("branch_secretary").post(reverse("whereabouts:post"), data))
    assert "甲无账号" in page
    assert "已选 1 人" in page
    assert "乙" not in page.split("谁去")[1].split("</section>")[0].replace("乙营", "")
    assert "field-error" not in page
    assert Posting.objects.count() == 0


def test_every_problem_is_shown_by_person(house: House, clients: Any, training: Purpose, camp: Site):
    PostingFactory(person=house.people["member"])
    people = [str(house.people[key].pk) for key in ("member", "plain_a")]
    answer = clients("branch_secretary").post(reverse("whereabouts:post"), fields(training, camp, person=people))
    assert answer.status_code == 200
    assert "一个人也没有登记" in text(answer)
    assert "请先登记归队" in text(answer)
    assert Posting.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"numbers": "B-plain"}, "B-plain"),
        ({"numbers": "X" * 200}, "没有找到这些编号"),
        ({"person": ["nonsense"]}, "无法识别的人"),
        ({"person": []}, "请至少选择一个人"),
        ({"since": "2026-13-01"}, "有效的日期"),
        ({"planned_end": "2026-01-01"}, "早于开始日期"),
        ({"planned_end": "2026-01-01", "numbers": "B-plain"}, "早于开始日期"),  # told at once, beside the number
        ({"purpose": ""}, "必填"),
        ({"site": "nonsense"}, "field-error"),
        ({"note": "x" * 201}, "field-error"),
        ({"numbers": "\x00"}, "field-error"),
    ],
)
def test_wrong_forms_say_so_and_change_nothing(
    house: House, clients: Any, training: Purpose, camp: Site, change: dict[str, Any], words: str
):
    data = fields(training, camp, person=[str(house.people["plain_a"].pk)])
    answer = clients("branch_secretary").post(reverse("whereabouts:post"), data | change)
    assert answer.status_code == 200
    assert words in text(answer)
    assert Posting.objects.count() == 0


def test_a_posting_tells_its_life_and_offers_what_can_be_done(house: House, clients: Any):
    posting = PostingFactory(person=house.people["member"])
    url = reverse("whereabouts:posting", args=[posting.pk])
    secretary = clients("branch_secretary")
    page = text(secretary.get(url))
    for words in ("登记归队", "确认到位", "改预计结束", "登记有误？更正", "花名册导入"):
        assert words in page
    secretary.post(reverse("whereabouts:confirm", args=[posting.pk]))
    secretary.post(
        reverse("whereabouts:extend", args=[posting.pk]), {"planned_end": "2027-01-01", "reason": "任务延长"}
    )
    page = text(secretary.get(url))
    assert "2026-12-20 改为 2027-01-01；任务延长" in page
    assert "确认到位 · 甲指导员" in page
    inspector = text(clients("inspector").get(url))
    assert "登记归队</a>" not in inspector
    assert "只有本人所在支部或上级组织的外出登记人可以办理" in inspector


def test_the_other_sides_posting_is_404_for_every_verb(house: House, clients: Any):
    posting = PostingFactory(person=house.people["member"])
    client = clients("branch_secretary_b")
    for name in ("posting", "extend", "end", "correct", "cancel"):
        assert client.get(reverse(f"whereabouts:{name}", args=[posting.pk])).status_code == 404
    for name in ("confirm", "extend", "end", "correct", "cancel"):
        data = {"reason": "x", "ended_on": "2026-11-22", "planned_end": "2027-01-01"}
        assert client.post(reverse(f"whereabouts:{name}", args=[posting.pk]), data).status_code == 404
    posting.refresh_from_db()
    assert (posting.ended_on, posting.planned_end, posting.confirmed_at) == (None, date(2026, 12, 20), None)


def test_in_scope_without_the_right_is_403(house: House, clients: Any):
    posting = PostingFactory(person=house.people["member"])
    client = clients("inspector")
    for name in ("extend", "end", "correct", "cancel"):
        assert client.get(reverse(f"whereabouts:{name}", args=[posting.pk])).status_code == 403


def test_return_correction_and_cancel_by_form(house: House, clients: Any, training: Purpose, camp: Site):
    posting = PostingFactory(person=house.people["member"])
    client = clients("branch_secretary")
    wrong = client.post(reverse("whereabouts:end", args=[posting.pk]), {"ended_on": "2026-11-30"})
    assert "归队日期不能晚于今天" in text(wrong)
    assert client.post(reverse("whereabouts:end", args=[posting.pk]), {"ended_on": "2026-11-21"}).status_code == 302
    data = {
        "purpose": training.pk, "site": camp.pk, "since": "2026-10-02", "planned_end": "2026-12-20",
        "ended_on": "2026-11-20", "attached_unit": "", "note": "", "reason": "填错",
    }  # fmt: skip
    assert client.post(reverse("whereabouts:correct", args=[posting.pk]), data).status_code == 302
    posting.refresh_from_db()
    assert (posting.since, posting.ended_on) == (date(2026, 10, 2), date(2026, 11, 20))
    page = text(client.get(reverse("whereabouts:cancel", args=[posting.pk])))
    assert "撤销 甲战士 的" in page
    assert client.post(reverse("whereabouts:cancel", args=[posting.pk]), {"reason": ""}).status_code == 200
    assert client.post(reverse("whereabouts:cancel", args=[posting.pk]), {"reason": "没有成行"}).status_code == 302
    assert Posting.objects.count() == 0


def test_a_correction_offers_what_the_posting_names_although_out_of_use_since(house: House, clients: Any, camp: Site):
    gone = UnitFactory(parent=house.battalion_b, code="L-B-Z7", dissolved_on=date(2026, 11, 20))
    closed, other = SiteFactory(name="已停用的点位", active=False), SiteFactory(name="别的停用点位", active=False)
    posting = PostingFactory(
        person=house.people["member"], site=closed, attached_unit=gone, ended_on=date(2026, 11, 10)
    )
    client, where = clients("branch_secretary"), reverse("whereabouts:correct", args=[posting.pk])
    fields = client.get(where).context["form"].fields
    assert {camp, closed} <= set(fields["site"].queryset)
    assert other not in fields["site"].queryset
    assert gone in fields["attached_unit"].queryset
    data = {
        "purpose": posting.purpose_id, "site": closed.pk, "since": "2026-10-01", "planned_end": "2026-12-20",
        "ended_on": "2026-11-10", "attached_unit": gone.pk, "note": "补记批件文号", "reason": "漏填",
    }  # fmt: skip
    assert client.post(where, {**data, "site": other.pk}).context["form"].has_error("site")
    assert client.post(where, data).status_code == 302
    posting.refresh_from_db()
    assert (posting.site, posting.attached_unit, posting.note) == (closed, gone, "补记批件文号")


def test_checking_in_by_place_without_javascript(house: House, clients: Any, camp: Site):
    client = clients("member")
    page = text(client.get(reverse("whereabouts:checkin")))
    assert '<whereabouts-checkin form="checkin-form">' in page
    assert "navigator" not in page
    assert client.post(reverse("whereabouts:checkin"), {"site": camp.pk}).status_code == 302
    assert "西北驻训点" in text(client.get(reverse("whereabouts:checkin")))
    assert CheckIn.objects.get().person == house.people["member"]


@pytest.mark.parametrize(
    "data",
    [{}, {"site": "x"}, {"lon": "1"}, {"lon": "nan", "lat": "1"}, {"lon": "999", "lat": "1"}, {"lon": "a", "lat": "b"}],
)
def test_checking_in_with_nothing_useful(clients: Any, data: dict[str, str]):
    answer = clients("member").post(reverse("whereabouts:checkin"), data)
    assert answer.status_code == 200
    assert CheckIn.objects.count() == 0


def test_checking_in_by_device(house: House, clients: Any):
    clients("member").post(reverse("whereabouts:checkin"), {"lon": "91.123456", "lat": "29.654321"})
    row = CheckIn.objects.get()
    assert (row.lon, row.lat, row.by_device) == (91.12, 29.65, True)


def test_my_postings_are_mine_and_can_be_confirmed(house: House, clients: Any):
    posting = PostingFactory(person=house.people["member"])
    PostingFactory(person=house.people["plain_a"], site__name="别处")
    presence_refresh()
    client = clients("member")
    page = text(client.get(reverse("whereabouts:mine")))
    assert "西北驻训点" in page
    assert "别处" not in page
    assert (
        client.post(reverse("whereabouts:confirm", args=[posting.pk]), {"back": "mine"})["Location"]
        == "/whereabouts/mine/"
    )
    posting.refresh_from_db()
    assert posting.confirmed_at is not None


def test_pages_of_ones_own_need_a_file(clients: Any):
    for name in ("checkin", "mine"):
        assert clients("system_admin").get(reverse(f"whereabouts:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["register", "post", "checkin", "mine"])
def test_pages_ask_for_log_in(db: None, name: str):
    assert Client().get(reverse(f"whereabouts:{name}")).status_code == 302


def test_api_lists_postings_in_reach_and_ones_own_place(house: House, clients: Any, camp: Site):
    PostingFactory(person=house.people["member"])
    PostingFactory(person=house.people["member_b"])
    presence_refresh()
    answer = clients("battalion_secretary").get("/api/v1/postings", {"state": "now"}).json()
    assert [(item["name"], item["state"], item["days"]) for item in answer["items"]] == [("甲战士", "away", 53)]
    assert answer["more"] is False
    number = answer["items"][0]["number"]
    of_one = clients("battalion_secretary").get("/api/v1/postings", {"number": number.lower()}).json()["items"]
    assert of_one
    assert {item["number"] for item in of_one} == {number}
    assert clients("member").get("/api/v1/postings").status_code == 403
    assert clients("member").get("/api/v1/me/place").json()["place"] == "西北驻训点"
    assert clients("system_admin").get("/api/v1/me/place").json() is None
    for bad in ({"limit": 0}, {"limit": 201}, {"offset": -1}, {"state": "x"}, {"person": "x"}):
        assert clients("battalion_secretary").get("/api/v1/postings", bad).status_code == 422
