"""The pages, through the browser's door: two subtrees, every persona, every state."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, two_branches
from liaoyuan.organisation.roster.models import RosterUpload, UploadState
from liaoyuan.organisation.roster.services import uploads
from liaoyuan.organisation.roster.tests.factories import HEADS, person, workbook

pytestmark = pytest.mark.django_db
MAY = {"organisation_clerk"}
EXPORT = {"organisation_clerk", "branch_secretary", "battalion_secretary"}


@pytest.fixture
def house() -> House:
    return two_branches()


def newcomer(branch: str = "L-A-Z1", **more: Any) -> bytes:
    return workbook({"人员": [person(15, branch, "群众", **more)]})


def send(client: Client, data: bytes, name: str = "名册.xlsx") -> Any:
    return client.post(reverse("roster:upload"), {"file": SimpleUploadedFile(name, data)})


def taken() -> RosterUpload:
    return RosterUpload.objects.unscoped("test").latest("created_at")


@pytest.mark.parametrize("route", ["roster:index", "roster:upload", "roster:export", "roster:template"])
@pytest.mark.parametrize(
    "persona", ["member", "group_leader", "branch_secretary", "battalion_secretary", "organisation_clerk", "inspector",
                "system_admin", "security_admin", "audit_admin"]
)  # fmt: skip
def test_each_page_is_for_whom_it_is(house: House, client: Client, route: str, persona: str) -> None:
    allowed = persona in {
        "roster:index": MAY, "roster:upload": MAY, "roster:export": EXPORT, "roster:template": EXPORT | MAY,
    }[route]  # fmt: skip
    response = house.login(client, persona).get(reverse(route))
    b"".join(response.streaming_content if response.streaming else ())
    assert response.status_code == (200 if allowed else 403)


def test_a_visitor_is_sent_to_the_log_in(client: Client) -> None:
    for route in ("roster:index", "roster:upload", "roster:export", "roster:template"):
        assert client.get(reverse(route)).status_code == 302


def test_from_upload_to_import_through_the_pages(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    assert "还没有导入过花名册" in client.get(reverse("roster:index")).content.decode()
    response = send(client, newcomer())
    upload = taken()
    page = reverse("roster:show", args=[upload.pk])
    assert (response.status_code, response["Location"]) == (302, page)
    waiting = client.get(page).content.decode()
    assert "hx-get" in waiting
    assert "等待后台处理" in waiting
    uploads.check_upload(str(upload.pk))
    preview = client.get(reverse("roster:status", args=[upload.pk])).content.decode()
    assert "确认导入" in preview
    assert "hx-get" not in preview
    assert client.post(reverse("roster:confirm", args=[upload.pk])).status_code == 302
    assert client.post(reverse("roster:confirm", args=[upload.pk])).status_code == 409
    uploads.run_import(str(upload.pk))
    assert "全部写入" in client.get(page).content.decode()
    assert Person.objects.unscoped("test").get(number="P0015").unit.code == "L-A-Z1"
    assert "名册.xlsx" in client.get(reverse("roster:index")).content.decode()


def test_errors_are_listed_with_place_and_remedy_and_cannot_be_confirmed(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    send(client, newcomer(民族="<b>火星族</b>"))
    upload = taken()
    uploads.check_upload(str(upload.pk))
    page = client.get(reverse("roster:show", args=[upload.pk])).content.decode()
    assert "第 2 行" in page
    assert "&lt;b&gt;火星族" in page
    assert "<b>火星族" not in page
    assert "确认导入" not in page
    assert client.post(reverse("roster:confirm", args=[upload.pk])).status_code == 409
    upload.refresh_from_db()
    download = client.get(reverse("files:download", args=[upload.marked_id]))
    assert b"".join(download.streaming_content)[:2] == b"PK"
    assert download.status_code == 200
    assert not Person.objects.unscoped("test").filter(number="P0015").exists()


@pytest.mark.parametrize(("data", "name"), [(b"", "a.xlsx"), (b"hello", "a.xlsx"), (b"a,b", "a.csv")])
def test_what_is_no_workbook_is_refused_at_the_field(house: House, client: Client, data: bytes, name: str) -> None:
    house.login(client, "organisation_clerk")
    response = send(client, data, name)
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert not RosterUpload.objects.unscoped("test").exists()


def test_others_see_nothing_of_an_upload(house: House, client: Client) -> None:
    send(house.login(client, "organisation_clerk"), newcomer())
    upload = taken()
    client.logout()
    for persona in ("branch_secretary", "member_b", "inspector", "security_admin"):
        house.login(client, persona)
        for route in ("show", "status"):
            assert client.get(reverse(f"roster:{route}", args=[upload.pk])).status_code == 404
        for route in ("confirm", "retry", "discard"):
            assert client.post(reverse(f"roster:{route}", args=[upload.pk])).status_code == 404
        assert client.get(reverse("files:download", args=[upload.file_id])).status_code == 404
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKING


def test_the_same_file_once_more_ends_by_itself_and_asks_for_nothing(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    send(client, newcomer())
    first = taken()
    uploads.check_upload(str(first.pk))
    client.post(reverse("roster:confirm", args=[first.pk]))
    uploads.run_import(str(first.pk))
    send(client, newcomer())
    again = RosterUpload.objects.unscoped("test").exclude(pk=first.pk).get()
    uploads.check_upload(str(again.pk))
    again.refresh_from_db()
    assert (again.state, again.finished_at is not None) == (UploadState.SAME, True)
    page = client.get(reverse("roster:show", args=[again.pk])).content.decode()
    assert "与平台现状完全一致" in page
    assert "没有变化" in page
    assert reverse("roster:discard", args=[again.pk]) not in page
    assert reverse("roster:confirm", args=[again.pk]) not in page


def test_discarding_asks_first(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    send(client, newcomer())
    upload = taken()
    uploads.check_upload(str(upload.pk))
    address = reverse("roster:discard", args=[upload.pk])
    assert "放弃“名册.xlsx”的导入" in client.get(address).content.decode()
    upload.refresh_from_db()
    assert upload.state == UploadState.READY
    assert client.post(address)["Location"] == reverse("roster:index")
    upload.refresh_from_db()
    assert upload.state == UploadState.DISCARDED


def test_an_interrupted_upload_says_so_and_offers_to_try_again(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    send(client, newcomer())
    upload = taken()
    RosterUpload.objects.unscoped("test").update(state=UploadState.FAILED, error="后台处理中断了，没有写入任何数据。")
    page = client.get(reverse("roster:show", args=[upload.pk])).content.decode()
    assert "没有写入任何数据" in page
    assert "重新核对" in page
    assert client.post(reverse("roster:retry", args=[upload.pk])).status_code == 302
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKING


def test_an_export_is_a_workbook_of_one_s_own_reach(house: House, client: Client) -> None:
    house.login(client, "branch_secretary")
    response = client.post(reverse("roster:export"), {"unit": ""})
    assert response["Content-Disposition"].startswith("attachment")
    body = b"".join(response.streaming_content)
    from liaoyuan.organisation.roster.tests.factories import check

    numbers = {row.number for row in check(body, today=date(2026, 11, 22)).book.people.rows}
    assert numbers == set(Person.objects.unscoped("test").filter(unit=house.branch_a).values_list("number", flat=True))
    assert client.post(reverse("roster:export"), {"unit": str(house.branch_b.pk)}).status_code == 422


def test_too_many_people_for_one_request_are_refused(
    house: House, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaoyuan.organisation.roster.views.downloads.AT_ONCE", 2)
    house.login(client, "organisation_clerk")
    assert client.post(reverse("roster:export"), {"unit": ""}).status_code == 422


def test_the_history_costs_the_same_for_many_uploads(
    house: House, client: Client, django_assert_max_num_queries: Any
) -> None:
    house.login(client, "organisation_clerk")
    client.get(reverse("roster:index"))
    for number in range(30):
        RosterUpload.objects.create(name=f"{number}.xlsx", path="")
    with django_assert_max_num_queries(14):
        assert client.get(reverse("roster:index")).status_code == 200
    assert HEADS["人员"][0] == "人员编号"
