"""Refusals on pages become rows."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.tests.factories import actor
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.http import errors
from liaoyuan.kernel.http.errors import DomainErrorMiddleware
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db


def visit(error: DomainError, who: Actor, app: str = "members", **kwargs: object) -> HttpResponse:
    request = RequestFactory().get("/members/somebody/")
    request.actor, request.user = who, AnonymousUser()
    request.resolver_match = ResolverMatch(lambda: None, (), kwargs, "file", [app], [app])
    return DomainErrorMiddleware(lambda request: HttpResponse()).process_exception(request, error)


def test_a_403_on_a_person_is_recorded_for_him():
    who, whom = actor(name="李干事"), new_id()
    response = visit(NotPermitted("您没有查看档案的权限。", clause="SC-12"), who, pk=whom)
    assert response.status_code == 403
    row = AuditEntry.objects.get()
    assert (row.action, row.allowed, row.reason) == ("web.refused", False, "您没有查看档案的权限。")
    assert (row.actor_id, row.subject_id) == (who.user_id, whom)
    assert (row.object_id, row.object_label) == ("members:file", "/members/somebody/")
    assert row.detail == {"method": "GET", "status": 403, "clause": "SC-12"}


def test_a_404_on_a_person_out_of_scope_is_recorded_for_him():
    whom = new_id()
    response = visit(NotInScope(), actor(), app="whereabouts", person_id=str(whom))
    assert response.status_code == 404
    assert AuditEntry.objects.get().subject_id == whom


def test_the_key_of_another_thing_is_no_person():
    visit(NotPermitted("不行。"), actor(), app="units", pk=new_id())
    assert AuditEntry.objects.get().subject_id is None


def test_an_address_without_a_sensible_key_is_recorded_without_a_person():
    visit(NotInScope(), actor(), person_id="xyz")
    assert AuditEntry.objects.get().subject_id is None


def test_other_errors_are_no_refusals():
    visit(Conflict("已经办过了。"), actor())
    visit(DomainError("日期不对。"), actor())
    assert not AuditEntry.objects.exists()


def test_a_visitors_wrong_address_is_not_recorded():
    visit(NotInScope(), Actor.nobody())
    assert not AuditEntry.objects.exists()
    visit(NotPermitted("请先登录。"), Actor.nobody())
    assert AuditEntry.objects.get().actor_name == "未登录"


def test_the_page_appears_even_when_recording_fails(monkeypatch, caplog):
    def fail(request, error):
        raise RuntimeError

    monkeypatch.setattr(errors, "_refusals", [fail])
    assert visit(NotPermitted("不行。"), actor()).status_code == 403
    assert "记录拒绝访问时出错" in caplog.text
