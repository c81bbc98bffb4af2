"""The rule book and the calendar as pages."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from liaoyuan.foundation.regulations import citations

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(
        get_user_model().objects.create_user("reader", "x", display_name="读者", must_change_password=False),
        backend="liaoyuan.foundation.accounts.backends.AccountBackend",
    )
    return client


def test_the_rule_book_shows_clauses_with_their_words(reader):
    page = reader.get(reverse("regulations:book"), {"q": "介绍人"}).content.decode()
    assert "第 14 条" in page
    assert "两名正式党员" in page
    assert "第 7 条" not in page


def test_an_empty_answer_says_what_to_do(reader):
    assert "减少一个词" in reader.get(reverse("regulations:book"), {"q": "没有这样的条文"}).content.decode()


@pytest.mark.parametrize("q", ["\0", "<script>alert(1)</script>", "'; drop table", "长" * 5000])
def test_hostile_questions_are_harmless(reader, q):
    page = reader.get(reverse("regulations:book"), {"q": q})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_the_calendar_shows_rest_days_and_says_when_it_is_provisional(reader):
    assert "公示期按这里的工作日计算" in reader.get(reverse("regulations:calendar", args=[2026])).content.decode()
    assert "暂算" in reader.get(reverse("regulations:calendar", args=[2090])).content.decode()
    assert reader.get(reverse("regulations:calendar", args=[1900])).status_code == 404


def test_a_stranger_is_sent_to_log_in(client):
    for address in (reverse("regulations:book"), reverse("regulations:calendar", args=[2026])):
        assert client.get(address).status_code == 302


def test_a_clause_has_an_anchor_and_names_what_rests_on_it(reader, monkeypatch):
    """Apps above register what they compute from a clause; the rule book shows it without a query."""
    one = citations.Citation("admission-2026", "7", "甲规则", "/duties/rules/DM-03/")
    monkeypatch.setattr(citations, "_sources", {"test": lambda: [one]})
    page = reader.get(reverse("regulations:book"), {"q": "收到入党申请书"}).content.decode()
    assert 'id="admission-2026-7"' in page
    assert '<a href="/duties/rules/DM-03/">甲规则</a>' in page
