"""Pages: who gets what, what is masked, what is recorded, how many queries."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import PERSONAS, House, PersonFactory, two_branches

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return two_branches()


def fresh(person: Person) -> Person:
    return Person.objects.unscoped("test").get(pk=person.pk)


FILE_A = {  # who may open the file of plain_a (a member of branch a)
    "member": 403,
    "member_b": 404,
    "group_leader": 403,
    "branch_secretary": 200,
    "battalion_secretary": 200,
    "organisation_clerk": 200,
    "inspector": 200,
    "system_admin": 404,
    "security_admin": 404,
    "audit_admin": 404,
}


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_opens_a_file(house: House, client: Client, persona: str) -> None:
    person = house.people["plain_a"]
    house.login(client, persona)
    for route, args in (("members:file", []), ("members:tab", ["timeline"]), ("members:print", [])):
        assert client.get(reverse(route, args=[person.pk, *args])).status_code == FILE_A[persona], route


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_sees_a_name_card(house: House, client: Client, persona: str) -> None:
    answer = house.login(client, persona).get(reverse("members:card", args=[house.people["plain_a"].pk]))
    assert answer.status_code == (200 if FILE_A[persona] in {200, 403} else 404)


def test_anonymous_is_sent_to_the_log_in(house: House, client: Client) -> None:
    answer = client.get(reverse("members:file", args=[house.people["plain_a"].pk]))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]


def test_the_other_side_is_closed_to_secretaries_of_this_one(house: House, client: Client) -> None:
    person = house.people["plain_b"]
    for persona in ("branch_secretary", "battalion_secretary", "group_leader"):
        house.login(client, persona)
        for route in ("file", "print", "card", "edit", "move", "standing", "tenure_new", "leave", "account", "attach"):
            assert client.get(reverse(f"members:{route}", args=[person.pk])).status_code == 404, route


def test_opening_a_file_is_recorded_with_its_subject_and_ones_own_is_not(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "branch_secretary").get(reverse("members:file", args=[person.pk]))
    entry = AuditEntry.objects.get(action="members.view_file")
    assert (entry.subject_id, entry.actor_id, entry.allowed) == (
        person.pk,
        house.users["branch_secretary"].pk,
        True,
    )
    house.login(client, "member").get(reverse("members:me"), follow=True)
    assert AuditEntry.objects.filter(action="members.view_file").count() == 1


def test_a_refused_file_is_recorded_with_its_subject(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "member").get(reverse("members:file", args=[person.pk]))
    entry = AuditEntry.objects.get(allowed=False)
    assert entry.subject_id == person.pk


@pytest.mark.parametrize("tab", ["basic", "timeline", "belonging", "tenures", "whereabouts"])
def test_every_tab_of_ones_own_file_opens(house: House, client: Client, tab: str) -> None:
    me = house.people["member"]
    answer = house.login(client, "member").get(reverse("members:tab", args=[me.pk, tab]))
    assert answer.status_code == 200
    assert me.name in answer.content.decode()


def test_an_unknown_tab_is_not_found(house: House, client: Client) -> None:
    me = house.people["member"]
    assert house.login(client, "member").get(reverse("members:tab", args=[me.pk, "nothing"])).status_code == 404


def test_no_page_shows_an_id_number_or_phone_unmasked(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "organisation_clerk")
    for route in ("file", "print", "card", "edit", "move", "standing", "tenure_new", "leave", "account", "attach"):
        text = client.get(reverse(f"members:{route}", args=[person.pk])).content.decode()
        assert person.id_number not in text, route
        assert person.phone not in text, route
    for address in (reverse("members:list"), reverse("members:search") + f"?q={person.name}"):
        text = client.get(address).content.decode()
        assert person.id_number not in text
        assert person.id_number[6:14] not in text


def test_reveal_needs_a_reason_shows_once_and_is_recorded(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "branch_secretary")
    address = reverse("members:reveal", args=[person.pk, "id_number"])
    asked = client.get(address)
    assert person.id_number not in asked.content.decode()
    refused = client.post(address, {"field": "id_number", "reason": ""})
    assert person.id_number not in refused.content.decode()
    assert not AuditEntry.objects.filter(action="members.reveal").exists()
    shown = client.post(address, {"field": "id_number", "reason": "办理证件"})
    assert person.id_number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    entry = AuditEntry.objects.get(action="members.reveal")
    assert (entry.subject_id, entry.reason, entry.detail) == (person.pk, "办理证件", {"field": "id_number"})
    assert person.id_number not in str(entry.detail)


@pytest.mark.parametrize(("persona", "status"), [("inspector", 403), ("member", 403), ("branch_secretary_b", 404)])
def test_reveal_is_refused_without_the_capability(house: House, client: Client, persona: str, status: int) -> None:
    person = house.people["plain_a"]
    house.login(client, persona)
    address = reverse("members:reveal", args=[person.pk, "phone"])
    assert client.get(address).status_code == status
    answer = client.post(address, {"field": "phone", "reason": "好奇"})
    assert answer.status_code == status
    assert person.phone not in answer.content.decode()


def test_reveal_as_a_fragment_for_htmx(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "branch_secretary")
    address = reverse("members:reveal", args=[person.pk, "phone"])
    answer = client.post(address, {"field": "phone", "reason": "紧急联系"}, headers={"HX-Request": "true"})
    assert person.phone in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_list_shows_ones_reach_and_nobody_else(house: House, client: Client) -> None:
    for persona, here, elsewhere in (
        ("member", "plain_a", "plain_b"),
        ("branch_secretary_b", "plain_b", "plain_a"),
        ("battalion_secretary", "plain_a", "plain_b"),
    ):
        text = house.login(client, persona).get(reverse("members:list")).content.decode()
        assert house.people[here].number in text, persona
        assert house.people[elsewhere].number not in text, persona


def test_list_is_refused_to_administrators(house: House, client: Client) -> None:
    for persona in ("system_admin", "security_admin", "audit_admin"):
        assert house.login(client, persona).get(reverse("members:list")).status_code == 403
        assert house.login(client, persona).get(reverse("members:search")).status_code == 403
        assert house.login(client, persona).get(reverse("members:me")).status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("unit=L-A", {"A-PLAIN"}),
        ("unit=L-B-Z1&standing=activist", {"B-ACTIVIST"}),
        ("standing=activist", {"B-ACTIVIST"}),
        ("belongs=attached", {"A-ATTACHED"}),
        ("active=no", {"B-LEFT"}),
        ("rank=列兵", {"B-ACTIVIST"}),
        ("age_from=60", {"B-ACTIVIST"}),
        ("age_to=30", set()),
        ("away=yes", {"A-ATTACHED"}),
        ("q=yiwuz", {"B-PLAIN"}),
        ("unit=nowhere", set()),
    ],
)
def test_filters(house: House, client: Client, query: str, names: set[str]) -> None:
    PersonFactory(
        name="旧积极", number="B-ACTIVIST", unit=house.branch_b, standing="activist", rank="列兵", rank_order=19,
        birth_date=date(1950, 1, 1), id_number="",
    )  # fmt: skip
    PersonFactory(name="挂靠者", number="A-ATTACHED", unit=house.branch_a, attached_unit=house.branch_b)
    PersonFactory(name="走了的", number="B-LEFT", unit=house.branch_b, active=False, left_on=date(2026, 1, 1))
    text = house.login(client, "organisation_clerk").get(reverse("members:list") + f"?{query}").content.decode()
    shown = {number for number in ("A-PLAIN", "B-PLAIN", "A-ATTACHED", "B-LEFT", "B-ACTIVIST") if number in text}
    assert shown >= names
    if "unit=L-A" in query:
        assert "B-PLAIN" not in text
    else:
        assert "A-PLAIN" not in text


def test_attached_people_are_shown_to_the_branch_they_are_attached_to(house: House, client: Client) -> None:
    PersonFactory(name="挂靠者", number="A-ATTACHED", unit=house.branch_a, attached_unit=house.branch_b)
    house.login(client, "branch_secretary_b")
    assert "A-ATTACHED" not in client.get(reverse("members:list")).content.decode()
    assert "A-ATTACHED" in client.get(reverse("members:list") + "?belongs=attached").content.decode()
    house.login(client, "branch_secretary")
    assert "A-ATTACHED" not in client.get(reverse("members:list") + "?belongs=attached").content.decode()


@pytest.mark.parametrize("query", ["sort=name", "cols=name,unit,group,attached"])
def test_list_costs_the_same_number_of_queries_for_any_number_of_rows(house: House, client: Client, query: str) -> None:
    house.login(client, "organisation_clerk")
    client.get(reverse("members:list"))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(reverse("members:list") + f"?{query}").status_code == 200
        counts.append(len(captured))
        PersonFactory.create_batch(30, unit=house.branch_a, group=house.group_a, attached_unit=house.branch_b)
    assert counts[0] == counts[1]
    assert counts[0] <= 15


def test_list_joins_only_what_its_columns_show(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    for query, joins in (("", 2), ("?cols=name,number", 0), ("?cols=name,unit,group,attached", 3)):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("members:list") + query)
        page = next(one["sql"] for one in captured if '"members_person"."position"' in one["sql"])
        assert page.count(" JOIN ") == joins


def test_file_costs_a_bounded_number_of_queries(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    address = reverse("members:file", args=[house.people["plain_a"].pk])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) <= 18


def test_export_holds_what_is_shown_neutralised_and_is_recorded(house: House, client: Client) -> None:
    PersonFactory(name="公式者", number="A-FORMULA", unit=house.branch_a, position="=HYPERLINK(1)")
    house.login(client, "branch_secretary")
    answer = client.get(reverse("members:list") + "?export=xlsx&cols=name,number,position&q=gongshizhe")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=False))
    assert [cell.value for cell in rows[0]] == ["姓名", "人员编号", "职务"]
    assert rows[1][2].data_type == "s"
    assert rows[1][2].value.lstrip("'").startswith("=")
    assert AuditEntry.objects.get(action="members.export").detail["count"] == 1


def test_export_is_not_offered_nor_served_without_the_capability(house: House, client: Client) -> None:
    answer = house.login(client, "member").get(reverse("members:list") + "?export=xlsx")
    assert answer["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.filter(action="members.export").exists()


def test_search_box_answers_with_a_fragment(house: House, client: Client) -> None:
    house.login(client, "member")
    answer = client.get(
        reverse("members:search") + "?q=甲", headers={"HX-Request": "true", "HX-Target": "search-found"}
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert "甲战士" in text
    assert "乙" not in text
    assert "没有找到" in client.get(reverse("members:search") + "?q=不存在").content.decode()
    assert client.get(reverse("members:search")).status_code == 200


def test_edit_keeps_secrets_left_empty_and_refuses_a_stale_form(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "branch_secretary")
    address = reverse("members:edit", args=[person.pk])
    form = client.get(address).context["form"]
    data = {name: value if value is not None else "" for name, value in form.initial.items()}
    data.update(birth_date="1990-05-01", position="副班长", id_number="", phone="", dues_base="69.5")
    answer = client.post(address, data)
    assert answer.status_code == 302
    person = fresh(person)
    assert (person.position, person.dues_base) == ("副班长", 6950)
    assert person.id_number
    assert person.phone
    stale = client.post(address, {**data, "position": "排长"})
    assert stale.status_code == 200
    assert "别人已修改" in stale.content.decode()
    assert fresh(person).position == "副班长"


def test_edit_refuses_an_id_number_that_contradicts_the_birth_date(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    house.login(client, "branch_secretary")
    address = reverse("members:edit", args=[person.pk])
    form = client.get(address).context["form"]
    data = {name: value if value is not None else "" for name, value in form.initial.items()}
    answer = client.post(address, {**data, "birth_date": "1991-05-01"})
    assert "不一致" in answer.content.decode()
    assert fresh(person).birth_date == date(1990, 5, 1)


def test_acts_work_through_their_pages(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    person = house.people["plain_a"]
    steps = [
        ("attach", [], {"unit": "L-B-Z1", "since": "2026-01-05", "reason": "驻训"}),
        ("detach", [], {"on": "2026-02-05", "reason": "结束"}),
        ("move", [], {"to_unit": "L-B-Z1", "group": "L-B-Z1-X1", "on": "2026-03-01", "reason": "调动"}),
        ("standing", [], {"kind": "suspended", "on": "2026-04-01", "basis": "组织处理"}),
        ("account", [], {"username": "dy-new", "reason": "新编入"}),
        ("account_unlink", [], {"reason": "更换账号"}),
        ("leave", [], {"on": "2026-05-01", "reason": "退役"}),
        ("return", [], {"to_unit": "L-A-Z1", "on": "2026-06-01", "reason": "返队"}),
    ]
    for route, args, data in steps:
        address = reverse(f"members:{route}", args=[person.pk, *args])
        assert client.get(address).status_code == 200, route
        answer = client.post(address, data)
        assert answer.status_code == 302, (route, answer.context["form"].errors)
    person = fresh(person)
    assert (person.unit, person.group, person.standing, person.user) == (house.branch_a, None, "suspended", None)


def test_a_change_of_standing_is_never_chosen_beforehand(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    address = reverse("members:standing", args=[person.pk])
    house.login(client, "branch_secretary")
    assert '<option value="" selected>请选择</option>' in client.get(address).content.decode()
    answer = client.post(address, {"kind": "", "on": "2026-04-01", "basis": "组织处理"})
    assert "必填" in answer.content.decode()
    before = person.standing
    person.refresh_from_db()
    assert person.standing == before


def test_tenure_pages_give_and_take_the_grant(house: House, client: Client) -> None:
    person = house.people["member"]
    house.login(client, "organisation_clerk")
    new = reverse("members:tenure_new", args=[person.pk])
    post = client.get(new).context["form"].fields["post"].queryset.get(name="组织委员")
    client.post(new, {"unit": "L-A-Z1", "post": post.pk, "since": "2026-01-01"})
    tenure = person.tenures.get()
    assert house.actor("member").covers("members.view_file", house.branch_a.path)
    end = reverse("members:tenure_end", args=[person.pk, tenure.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"on": "2026-02-01", "reason": "改选"}).status_code == 302
    assert not house.actor("member").covers("members.view_file", house.branch_a.path)
    other = reverse("members:tenure_end", args=[house.people["plain_a"].pk, tenure.pk])
    assert client.post(other, {"on": "2026-02-01", "reason": "改选"}).status_code == 404


def test_new_person_through_the_page(house: House, client: Client) -> None:
    house.login(client, "branch_secretary")
    address = reverse("members:create")
    assert client.get(address).status_code == 200
    data = {
        "number": "N-1", "name": "新 来者", "sex": "1", "ethnicity": "01", "birth_date": "2000-02-29",
        "category": "conscript", "rank": "列兵", "unit": "L-A-Z1", "group": "L-A-Z1-X1", "since": "2026-01-01",
        "standing": "applicant", "applied_on": "2025-01-01",
    }  # fmt: skip
    refused = client.post(address, data)
    assert refused.context["form"].errors == {"group": ["党小组只编入党员，此人是入党申请人。请把党小组留空。"]}
    data["group"] = ""
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    person = Person.objects.unscoped("test").get(number="N-1")
    assert (person.name, person.pinyin, person.initials) == ("新来者", "xinlaizhe", "xlz")
    assert (person.unit, person.group, person.home_path) == (house.branch_a, None, house.branch_a.path)
    assert [(row.kind, row.since) for row in person.standings.all()] == [("applicant", date(2025, 1, 1))]
    elsewhere = client.post(address, {**data, "number": "N-2", "unit": "L-B-Z1", "group": ""})
    assert "没有找到这个组织" in elsewhere.content.decode()
    assert not Person.objects.unscoped("test").filter(number="N-2").exists()
