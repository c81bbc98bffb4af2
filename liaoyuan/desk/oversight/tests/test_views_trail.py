"""The trail and its proof."""

import io

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import load_workbook

from liaoyuan.desk.oversight.views import trail as views
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.protection import protect, unprotect
from liaoyuan.foundation.audit.services import read, record, verify_chain

pytestmark = pytest.mark.django_db
LOG, CHAIN = reverse("oversight:log"), reverse("oversight:chain")
OTHERS = ("member", "branch_secretary", "battalion_secretary", "organisation_clerk", "inspector")


def rows_of(response) -> list[str]:
    return [row.object_label for row in response.context["paging"].rows]


@pytest.mark.parametrize("persona", [*OTHERS, "system_admin", "security_admin"])
@pytest.mark.parametrize("address", [LOG, LOG + "?export=xlsx", CHAIN])
def test_only_the_audit_administrator_gets_in(browser, persona, address):
    response = browser(persona).get(address)
    assert response.status_code == 403
    refused = AuditEntry.objects.get(action="web.refused")
    assert (refused.allowed, refused.object_label) == (False, address.partition("?")[0])


def test_nobody_else_starts_a_proof(browser):
    assert browser("system_admin").post(CHAIN).status_code == 403
    assert not AuditEntry.objects.filter(action="audit.verify").exists()


def test_the_log_is_searched_filtered_and_itself_recorded(house, browser):
    clerk, secretary = house.actor("organisation_clerk"), house.actor("branch_secretary_b")
    read(clerk, "members.view_file", house.people["member"], reason="核对名册")
    record(secretary, "members.view_file", object_label="被拒的", allowed=False, subject_id=house.people["member"].pk)
    client = browser("audit_admin")
    assert "被拒的" in rows_of(client.get(LOG))
    assert rows_of(client.get(LOG, {"result": "refused"})) == ["被拒的"]
    assert rows_of(client.get(LOG, {"who": clerk.name})) == ["甲战士"]
    assert rows_of(client.get(LOG, {"actor": str(secretary.user_id)})) == ["被拒的"]
    assert rows_of(client.get(LOG, {"subject": str(house.people["member"].pk)})) == ["被拒的", "甲战士"]
    assert rows_of(client.get(LOG, {"subject": str(house.people["member_b"].pk)})) == []
    assert rows_of(client.get(LOG, {"q": "核对"})) == ["甲战士"]
    assert rows_of(client.get(LOG, {"until": "2001-01-01"})) == []
    looks = AuditEntry.objects.filter(action="audit.view").order_by("seq")
    assert looks.count() == 8
    assert looks[1].detail == {"asked": "result=refused"}


@pytest.mark.parametrize("asked", ["since=nonsense", "actor=1", "result=maybe", "subject=%00", "page=x", "action=no"])
def test_senseless_filters_are_no_crash(browser, asked):
    assert browser("audit_admin").get(f"{LOG}?{asked}").status_code == 200


def test_the_log_costs_as_much_for_many_rows_as_for_few(house, browser, django_assert_max_num_queries):
    client = browser("audit_admin")
    client.get(LOG)
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(22) as found:
            client.get(LOG)
        counts.append(len(found))
        for number in range(40):
            record(house.actor("member"), "a.b", object_label=str(number))
    assert counts[0] == counts[1] or counts[1] == counts[0] + 1  # the capped count, once there is a second page


def test_an_export_is_recorded_before_it_leaves(house, browser):
    record(house.actor("member"), "a.b", object_label="=1+1", reason="x")
    response = browser("audit_admin").get(f"{LOG}?export=xlsx&result=allowed")
    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    assert sheet["A1"].value == "序号"
    assert "=1+1" in [cell.value for cell in sheet["F"]]
    entry = AuditEntry.objects.get(action="audit.export")
    assert entry.detail["asked"] == "export=xlsx&result=allowed"
    assert entry.detail["count"] == sheet.max_row - 1


def test_a_proof_is_run_shown_and_kept(house, browser):
    record(house.actor("member"), "a.b")
    client = browser("audit_admin")
    assert "还没有核验过" in client.get(CHAIN).content.decode()
    before = AuditEntry.objects.count()
    response = client.post(CHAIN, follow=True)
    text = response.content.decode()
    assert f"审计链完好：{before} 条记录逐条核对无误，链头一致。" in text
    assert f"{before}:{AuditEntry.objects.get(seq=before).mac[:16]}" in text
    assert verify_chain().ok


def test_a_broken_chain_is_named_on_the_page_and_on_the_home_page(house, browser):
    for _number in range(3):
        record(house.actor("member"), "a.b")
    unprotect(connection)
    AuditEntry.objects.filter(seq=2).update(reason="x")
    protect(connection)
    client = browser("audit_admin")
    text = client.post(CHAIN, follow=True).content.decode()
    assert "第 2 条记录被改动过" in text
    assert "请保护现场" in text
    assert "审计链核验失败" in client.get(reverse("home:index")).content.decode()


def test_a_code_noted_earlier_is_checked(house, browser):
    record(house.actor("member"), "a.b")
    client = browser("audit_admin")
    client.post(CHAIN, {"codes": "1:" + "0" * 16})
    assert AuditEntry.objects.filter(action="audit.verify").latest("seq").detail["kind"] == "anchor"
    response = client.post(CHAIN, {"codes": "nonsense"})
    assert response.status_code == 422
    assert "“nonsense”不是校验码" in response.content.decode()


def test_a_long_chain_is_proved_in_the_background(house, browser, monkeypatch):
    monkeypatch.setattr(views, "AT_ONCE", 0)
    asked = []
    monkeypatch.setattr(views, "enqueue", lambda name, **values: asked.append((name, values)))
    record(house.actor("member"), "a.b")
    response = browser("audit_admin").post(CHAIN, {"codes": "1:" + "a" * 16}, follow=True)
    assert asked == [("audit.verify", {"asked_by": "审计管理员", "known": {"1": "a" * 16}})]
    assert "已在后台开始核验" in response.content.decode()
    assert not AuditEntry.objects.filter(action="audit.verify").exists()
