"""The wall's session: an ordinary one, unless the instance says that its refreshing is use."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.kernel import clock

pytestmark = pytest.mark.django_db
WALL, DATA = "insights:wall", "insights:data"
BACK = "/account/login/?next=%2Fmap%2Fwall%2F%3Fstanding%3Dmembers"


def refreshed(client: Client, *, hours: float, **headers: str) -> list[int]:
    """What the wall's questions, one every ten minutes, are answered with."""
    start, answers = clock.now(), []
    for minutes in range(10, int(hours * 60) + 1, 10):
        with clock.set_to(start + timedelta(minutes=minutes)):
            asked = {"accept": "application/json", **headers}
            answers.append(client.get(reverse(DATA), headers=asked).status_code)
    return answers


def test_the_wall_ends_at_the_idle_limit_and_its_page_is_then_the_log_in_that_leads_back(clients: Any) -> None:
    client = clients("battalion_secretary")
    page = client.get(reverse(WALL), {"standing": "members"})
    assert "awake" not in page.content.decode()
    assert refreshed(client, hours=0.5, **{"x-background": "1"}) == [200, 200, 401]
    assert client.get(reverse(WALL), {"standing": "members"})["Location"] == BACK


def test_an_instance_may_let_the_wall_stay_awake_for_a_working_day(clients: Any, settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"wall_keeps_session": True})
    client = clients("battalion_secretary")
    assert 'filters="#map-form" awake>' in client.get(reverse(WALL)).content.decode()
    assert "awake" not in client.get(reverse("insights:map")).content.decode()
    assert set(refreshed(client, hours=11.9)) == {200}
    assert refreshed(client, hours=12.2)[-2:] == [401, 401]
