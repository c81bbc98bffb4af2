"""Data problems and proofs."""

import pytest
from django.urls import reverse

from liaoyuan.desk.oversight.services import proofs_run
from liaoyuan.desk.oversight.tasks import prove
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import registry
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.registry import DataProblem, ProofResult
from liaoyuan.organisation.members.models import Person

pytestmark = pytest.mark.django_db
ADDRESS = reverse("oversight:data_quality")


@pytest.fixture(autouse=True)
def only_our_checks(monkeypatch):
    """One check that sees what the actor reaches: people without a rank."""
    monkeypatch.setattr(registry, "_data_checks", {})
    monkeypatch.setattr(registry, "_proofs", {})

    def without_rank(actor):
        rows = Person.objects.visible_to(actor, "oversight.data_quality").filter(rank="").order_by("number")
        for person in rows:
            yield DataProblem(f"{person.name}没有军衔", "名册和排序要用。", f"/members/{person.pk}/", 3)

    registry.add_data_check("members.rank", "人员军衔", without_rank)
    registry.add_data_check("units.none", "组织", lambda actor: iter(()))


def spoil(house, *personas) -> None:
    for persona in personas:
        Person.objects.unscoped("test").filter(pk=house.people[persona].pk).update(rank="")


def test_everybody_sees_the_problems_of_his_own_subtree(house, browser):
    spoil(house, "member", "member_b")
    for persona, names in (
        ("branch_secretary", ["甲战士没有军衔"]),
        ("branch_secretary_b", ["乙战士没有军衔"]),
        ("battalion_secretary", ["甲战士没有军衔"]),
        ("organisation_clerk", ["甲战士没有军衔", "乙战士没有军衔"]),
        ("inspector", ["甲战士没有军衔", "乙战士没有军衔"]),
    ):
        response = browser(persona).get(ADDRESS)
        found = {check.key: [problem.title for problem in check.problems] for check in response.context["checks"]}
        assert found == {"members.rank": names, "units.none": []}
        assert response.context["total"] == len(names)


@pytest.mark.parametrize("persona", ["member", "group_leader", "system_admin", "security_admin", "audit_admin"])
def test_others_are_refused(browser, persona):
    assert browser(persona).get(ADDRESS).status_code == 403


def test_one_check_is_shown_whole_and_an_unknown_one_is_not_there(house, browser):
    registry.add_data_check(
        "many", "很多", lambda actor: (DataProblem(f"第{number}处", "因为") for number in range(500))
    )
    client = browser("organisation_clerk")
    text = client.get(ADDRESS).content.decode()
    assert "200 处以上" in text
    assert "第9处" in text
    assert "第10处" not in text
    whole = client.get(ADDRESS, {"check": "many"}).content.decode()
    assert "第199处" in whole
    assert "第200处" not in whole
    assert client.get(ADDRESS, {"check": "nothing"}).status_code == 404


def test_a_check_that_crashes_is_a_problem_itself_and_hides_no_other(house, browser, caplog):
    def crash(actor):
        yield DataProblem("还没出错", "第一处")
        raise ZeroDivisionError

    registry.add_data_check("crash", "会出错的", crash)
    spoil(house, "member")
    client = browser("organisation_clerk")
    text = client.get(ADDRESS).content.decode()
    assert "这项检查没有完成" in text
    assert "甲战士没有军衔" in text
    assert "数据检查“会出错的”出错" in caplog.text
    assert client.get(reverse("home:index")).status_code == 200


def test_problems_become_one_todo_for_each_check(house, browser):
    spoil(house, "member", "group_leader")
    text = browser("branch_secretary").get(reverse("home:index")).content.decode()
    assert "数据要改：人员军衔 2 处" in text
    assert "数据要改" not in browser("branch_secretary_b").get(reverse("home:index")).content.decode()
    assert "数据要改" not in browser("member").get(reverse("home:index")).content.decode()


def test_checks_do_not_run_again_at_every_look_at_the_home_page(house, browser):
    runs = []
    registry.add_data_check("counted", "计数", lambda actor: runs.append(1) or iter(()))
    client = browser("organisation_clerk")
    for _round in range(3):
        client.get(reverse("home:index"))
    assert len(runs) == 1


def test_proofs_are_run_recorded_and_shown(house, browser, caplog):
    registry.add_proof("a.good", "路径", lambda: ProofResult(True, 7, "7 个组织的路径一致。"))
    registry.add_proof("b.bad", "位置", lambda: ProofResult(False, 3, "第 3 人的位置不一致。"))

    def crash() -> ProofResult:
        raise ZeroDivisionError("boom")

    registry.add_proof("c.crash", "政治面貌", crash)
    response = browser("system_admin").post(reverse("oversight:prove"), follow=True)
    text = response.content.decode()
    for words in ("7 个组织的路径一致。", "第 3 人的位置不一致。", "核对中途出错：ZeroDivisionError: boom"):
        assert words in text
    assert "核对发现不一致：位置、政治面貌。" in text
    entry = AuditEntry.objects.get(action="oversight.prove")
    assert [(item["key"], item["ok"]) for item in entry.detail["results"]] == [
        ("a.good", True),
        ("b.bad", False),
        ("c.crash", False),
    ]
    assert "核对“位置”不一致" in caplog.text
    assert "第 3 人的位置不一致。" in browser("organisation_clerk").get(ADDRESS).content.decode()


def test_the_nightly_job_runs_them_too(house):
    registry.add_proof("a.good", "路径", lambda: ProofResult(True, 7, "一致。"))
    assert prove.call() == ["一致。"]
    assert AuditEntry.objects.get(action="oversight.prove").actor_name == "系统（每夜核对）"


@pytest.mark.parametrize("persona", ["member", "organisation_clerk", "security_admin", "audit_admin"])
def test_only_the_system_administrator_starts_them(house, browser, persona):
    assert browser(persona).post(reverse("oversight:prove")).status_code == 403
    with pytest.raises(NotPermitted):
        proofs_run(actor=house.actor(persona))
    assert not AuditEntry.objects.filter(action="oversight.prove").exists()
