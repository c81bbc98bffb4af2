"""The product in a real browser: the demonstration served by ``liaoyuan serve``, personas who log in, pages watched.

A page that logs a script error, breaks the Content-Security-Policy, asks for anything beyond 127.0.0.1, answers 500 or
has an accessibility violation fails the test that opened it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from liaoyuan.kernel.testing.browser import SIZES, overflow, violations, watch
from tests.operations.instance import Instance

LOG_INS = """
import json
from liaoyuan.foundation.accounts.services.demo import demo_logins
print(json.dumps([[login.title.split(" ")[0], login.username, login.password] for login in demo_logins()]))
"""


@dataclass
class House:
    """A served demonstration and its log-ins by title (普通党员, 支部书记 …)."""

    instance: Instance
    logins: dict[str, tuple[str, str]]

    @property
    def url(self) -> str:
        """Where it serves."""
        return self.instance.url


@dataclass
class Visitor:
    """One person's browser window, and what went wrong in it."""

    house: House
    context: BrowserContext
    page: Page
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str, *, accessible: bool = True) -> Page:
        """Go to ``path``, and look at the page as every page is looked at."""
        response = self.page.goto(self.house.url + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        if accessible:
            self.look(path)
        return self.page

    def look(self, name: str) -> None:
        """The open page: no accessibility violation, nothing wider than the window."""
        self.wrong += [f"{name}: {line}" for line in violations(self.page)]
        if (extra := overflow(self.page)) > 0:
            self.wrong.append(f"{name}: wider than the window by {extra} px")

    def log_in(self, title: str) -> Page:
        """Log in as the persona, with the second factor where one is asked for."""
        username, password = self.house.logins[title]
        self.page.goto(f"{self.house.url}/account/login/")
        card = self.page.locator(".card-md")
        card.get_by_label("账号").fill(username)
        card.get_by_label("口令", exact=True).fill(password)
        card.get_by_role("button", name="登录").click()
        self.page.wait_for_url(re.compile(r"^(?!.*/account/login/$)"))
        if "/account/login/code/" in self.page.url:
            self.page.locator("input[name=code]").fill(self.page.locator(".notice strong").inner_text())
            self.page.locator("form button[type=submit]").first.click()
        self.page.wait_for_url(f"{self.house.url}/")
        return self.page


def guard(context: BrowserContext, page: Page, own: str) -> list[str]:
    """Everything that goes wrong in ``page`` from now on, requests beyond our own address among it."""
    wrong = watch(page)

    def outside(request: Request) -> None:
        parts = urlsplit(request.url)
        if (
            parts.scheme in {"http", "https", "ws", "wss"}
            and f"{parts.scheme.replace('ws', 'http')}://{parts.netloc}" != own
        ):
            wrong.append(f"outside request: {request.url}")

    context.on("request", outside)
    page.on(
        "websocket",
        lambda socket: None if urlsplit(socket.url).netloc == urlsplit(own).netloc else wrong.append(socket.url),
    )
    return wrong


@contextmanager
def visiting(house: House, chromium: Browser, *, size: str = "wide", script: bool = True) -> Iterator[Visitor]:
    """A fresh browser window; at the end nothing may have gone wrong in it."""
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    visitor = Visitor(house, context, page, guard(context, page, house.url))
    try:
        yield visitor
        assert not visitor.wrong, "\n".join(visitor.wrong)
    finally:
        context.close()


Visit = Callable[..., Visitor]
__all__ = ["LOG_INS", "House", "Visit", "Visitor", "expect", "visiting"]
