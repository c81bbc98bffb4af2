"""The private calendar address: a secret of its owner, worth nothing once replaced."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.organisation.duties.models import CalendarFeed
from liaoyuan.organisation.duties.services.feed import feed_make
from liaoyuan.organisation.duties.tests.conftest import Scene


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    cache.clear()


def make(client: Client, scene: Scene, persona: str = "branch_secretary") -> str:
    """The address, as its page shows it once."""
    scene.house.login(client, persona)
    page = client.post(reverse("duties:feed_new"), follow=True).content.decode()
    found = re.search(r"http://testserver(/duties/calendar/[\w-]+\.ics)", page)
    assert found is not None
    return found[1]


def test_the_feed_holds_ones_own_days_and_sentences_alone(client: Client, scene: Scene) -> None:
    address = make(client, scene)
    response = Client().get(address)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    book = Calendar.from_ical(response.content)
    events = {str(event["summary"]): event for event in book.walk("VEVENT")}
    event = events["甲申请递交入党申请书即将满30天，请尽快安排谈话"]
    assert event.decoded("dtstart") == date(2026, 11, 25)
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP"}
    assert not any("乙申请" in summary for summary in events)


def test_the_address_is_shown_once_and_only_its_hash_is_kept(client: Client, scene: Scene) -> None:
    address = make(client, scene)
    token = address.split("/")[-1].removesuffix(".ics")
    assert token not in client.get(reverse("duties:calendar")).content.decode()
    feed = CalendarFeed.objects.get()
    assert feed.token_hash != token
    assert token not in "".join(str(value) for value in AuditEntry.objects.values_list())
    assert AuditEntry.objects.filter(action="duties.feed").count() == 1


def test_a_new_address_ends_the_old_one_and_stopping_ends_it(client: Client, scene: Scene) -> None:
    first = make(client, scene)
    second = make(client, scene)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert CalendarFeed.objects.get().read_at is not None
    client.post(reverse("duties:feed_stop"))
    assert Client().get(second).status_code == 404
    assert AuditEntry.objects.filter(action="duties.feed_ended").count() == 1
    client.post(reverse("duties:feed_stop"))
    assert AuditEntry.objects.filter(action="duties.feed_ended").count() == 1


def test_a_locked_account_feeds_nobody(client: Client, scene: Scene) -> None:
    address = make(client, scene)
    User.objects.filter(pk=scene.house.users["branch_secretary"].pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_an_account_of_nobody_gets_no_address(client: Client, scene: Scene) -> None:
    scene.house.login(client, "security_admin")
    assert client.post(reverse("duties:feed_new")).status_code == 422
    assert not CalendarFeed.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 101, "%00", "长", ".."])
def test_a_wrong_address_is_unknown(scene: Scene, token: str) -> None:
    assert Client().get(f"/duties/calendar/{token}.ics").status_code == 404


def test_too_many_wrong_addresses_are_refused(client: Client, scene: Scene) -> None:
    good = make(client, scene)
    stranger = Client()
    codes = [stranger.get(f"/duties/calendar/wrong{number}.ics").status_code for number in range(22)]
    assert codes[:21] == [404] * 21
    assert codes[21] == 429
    assert stranger.get(good).status_code == 429  # the same network address


def test_reading_all_the_time_is_refused(client: Client, scene: Scene) -> None:
    address = make(client, scene)
    codes = [Client().get(address).status_code for _number in range(31)]
    assert codes == [200] * 30 + [429]


def test_reading_the_feed_needs_no_session_and_leaves_none(client: Client, scene: Scene) -> None:
    address = make(client, scene)
    response = Client().get(address)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_another_makes_his_own(client: Client, scene: Scene) -> None:
    address = make(client, scene, "member")
    events = Calendar.from_ical(Client().get(address).content).walk("VEVENT")
    assert not any("申请" in str(event["summary"]) for event in events)
    assert feed_make(actor=scene.house.actor("branch_secretary"))
    assert CalendarFeed.objects.count() == 2
