"""Pages as somebody sees them on a day, for tests: logged in anew where the day has changed."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import House

D = date.fromisoformat


class Visitor:
    """One person's browser."""

    def __init__(self, house: House, persona: str) -> None:
        self.house, self.persona = house, persona
        self.client, self.day = Client(), ""

    def get(self, route: str, *args: Any, on: str = "2026-06-20", **query: Any) -> Any:
        """The answer of a page on a day."""
        with self._on(on):
            return self.client.get(reverse(f"admission:{route}", args=args), query)

    def page(self, route: str, *args: Any, on: str = "2026-06-20", **query: Any) -> str:
        """The text of a page that opens."""
        answer = self.get(route, *args, on=on, **query)
        assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"), said(answer)[:2000])
        return said(answer)

    def send(self, route: str, *args: Any, at: str = "2026-06-20", **data: Any) -> Any:
        """The answer to a form on a day."""
        with self._on(at):
            return self.client.post(reverse(f"admission:{route}", args=args), data)

    def _on(self, day: str) -> Any:
        if day != self.day:
            with clock.set_to(D(day)):
                user = self.house.users[self.persona]
                user.password_changed_at = clock.now()  # an old one would have to be changed first
                user.save(update_fields=["password_changed_at"])
                self.house.login(self.client, self.persona)
                session = self.client.session
                browser_session.start(session)
                session[browser_session.TOTP] = True
                session.save()
            self.day = day
        return clock.set_to(D(day))


def said(answer: HttpResponse) -> str:
    """What a page says."""
    return answer.content.decode()
