"""The real product with the demo brigade, and visitors with real browsers in it."""

import json
import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from liaoyuan.kernel.testing.browser import SIZES
from tests.operations.instance import Instance

# How the log-in page of the demonstration calls them → how tests do.
TITLES = {
    "普通党员": "member",
    "外支部党员": "other_member",
    "党小组长": "group_leader",
    "支部书记": "branch_secretary",
    "营党委书记": "battalion_secretary",
    "旅组织干事": "clerk",
    "检查组成员": "inspector",
    "旅领导": "leader",
    "系统管理员": "system_admin",
    "安全管理员": "security_admin",
    "审计管理员": "audit_admin",
}
PERSONAS = tuple(TITLES.values())
READY = 300  # seconds for the very first start: database, static files, demo brigade
_CODE = re.compile(r"\b\d{6}\b")

_FACTS = """
import json
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.members.models import Person
why = "facts for the browser tests"
units = {u.code: str(u.pk) for u in Unit.objects.unscoped(why)}
people = {
    p.number: {"id": str(p.pk), "name": p.name, "initials": p.initials, "branch": p.unit.code if p.unit else "",
        "user": p.user.username if p.user else "", "id_number": p.id_number,
        "posts": [[t.unit.code, t.post.name] for t in p.tenures.all() if t.until is None]}
    for p in Person.objects.unscoped(why).select_related("unit", "user")
    .prefetch_related("tenures__unit", "tenures__post").order_by("number")
}
sites = {s.name: {"id": str(s.pk), "lon": s.lon, "lat": s.lat} for s in Site.objects.all()}
print(json.dumps({"units": units, "people": people, "sites": sites}))
"""

# Ready to be a visitor without the first log-in, which S02 tests.
_READY = """
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import demo_account_prepare
from liaoyuan.kernel.scoping import Actor
demo_account_prepare(actor=Actor.system("browser tests", via="cli"), user=User.objects.get(username="{username}"),
    password="{password}")
"""


@dataclass
class Product:
    """A served instance; ``sessions`` keeps the cookies of personas that have logged in."""

    instance: Instance
    sessions: dict[str, Any] = field(default_factory=dict)
    read: int = 0

    @property
    def url(self) -> str:
        """Where it serves."""
        return self.instance.url

    @cached_property
    def logins(self) -> dict[str, dict[str, str]]:
        """The demo's log-ins by persona."""
        rows = json.loads((self.instance.home / "demo-logins.json").read_text())
        return {TITLES[row["title"].partition(" · ")[0]]: row for row in rows}

    @cached_property
    def facts(self) -> dict[str, Any]:
        """Addresses and names: ``units`` code → id; ``people`` number → id, name, initials, branch, user, id_number;
        ``sites`` name → id, lon, lat."""
        return json.loads(self.instance.shell(_FACTS))

    def person(self, persona: str) -> dict[str, Any]:
        """The person behind a persona."""
        user = self.logins[persona]["username"]
        return next(person for person in self.facts["people"].values() if person["user"] == user)

    def secretary(self, unit: str) -> dict[str, Any]:
        """The secretary of a unit."""
        return next(person for person in self.facts["people"].values() if [unit, "书记"] in person["posts"])

    def prepare(self, username: str) -> str:
        """Give an account a password of its own without its first log-in; the password."""
        password = self.logins["member"]["password"]
        self.instance.shell(_READY.format(username=username, password=password))
        return password

    def newcomers(self, branch: str) -> list[dict[str, Any]]:
        """People of a branch who hold no post and are no persona: their initial codes are unused."""
        known = {row["username"] for row in self.logins.values()}
        people = self.facts["people"].values()
        return [one for one in people if one["branch"] == branch and not one["posts"] and one["user"] not in known]

    def troubles(self) -> str:
        """What the log says that no healthy product says."""
        lines = self.instance.log().splitlines()
        wrong = [at for at, line in enumerate(lines) if "Traceback" in line or re.search(r"\b(ERROR|CRITICAL)\b", line)]
        return "\n".join("\n".join(lines[max(0, at - 2) : at + 40]) for at in wrong[:3])


@dataclass
class Watch:
    """What goes wrong in one visitor's browser. Refusals (4xx) are wrong too, unless the test awaits them."""

    home: str
    wrong: list[str] = field(default_factory=list)
    awaited: set[int] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Look at every page of ``context``."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused answer is judged by _response, with its status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self.home:
            self.wrong.append(f"leaves the house: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.status not in self.awaited):
            self.wrong.append(f"{response.status} {response.request.method} {response.url}")


class Visits:
    """Opens browsers for the people of one test, and tells afterwards what went wrong in them."""

    def __init__(self, product: Product, chromium: Browser) -> None:
        self.product = product
        self.chromium = chromium
        self.open: list[tuple[str, BrowserContext, Watch]] = []

    def guest(self, *, size: str = "wide", awaiting: tuple[int, ...] = (), **options: Any) -> Page:
        """A new browser of somebody who is not logged in. ``awaiting``: refusals (4xx) that belong to the test."""
        return self._page("guest", size=size, awaiting=awaiting, **options)

    def __call__(self, persona: str, *, size: str = "wide", awaiting: tuple[int, ...] = (), **options: Any) -> Page:
        """A new browser of a persona, logged in: by the form the first time, by the cookies of that time later."""
        if persona not in self.product.sessions:
            login = self.product.logins[persona]
            self._enter(persona, login["username"], login["password"])
        state = self.product.sessions[persona]
        return self._page(persona, size=size, awaiting=awaiting, storage_state=state, **options)

    def other(self, person: dict[str, Any], *, awaiting: tuple[int, ...] = ()) -> Page:
        """A new browser of somebody who is no persona."""
        if person["user"] not in self.product.sessions:
            self._enter(person["user"], person["user"], self.product.prepare(person["user"]))
        state = self.product.sessions[person["user"]]
        return self._page(person["user"], size="wide", awaiting=awaiting, storage_state=state)

    def _enter(self, who: str, username: str, password: str) -> None:
        page = self._page(who, size="wide", awaiting=())
        log_in(page, username, password)
        expect(page.locator("body.framed")).to_be_visible()
        self.product.sessions[who] = page.context.storage_state()
        page.close()

    def _page(self, who: str, *, size: str, awaiting: tuple[int, ...], **options: Any) -> Page:
        width, height = SIZES[size]
        context = self.chromium.new_context(
            base_url=self.product.url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(15_000)
        watch = Watch(urlsplit(self.product.url).netloc, awaited=set(awaiting))
        watch.over(context)
        self.open.append((who, context, watch))
        return context.new_page()

    def finish(self) -> None:
        """Close everything. Raises AssertionError with all that was wrong."""
        found = []
        for who, context, watch in self.open:
            context.close()
            found += [f"{who}: {line}" for line in watch.wrong]
        assert not found, "\n".join(found)


def log_in(page: Page, username: str, password: str, *, path: str = "/account/login/") -> None:
    """Fill in the log-in form, and the second factor's where it is asked; ends wherever the product leads."""
    page.goto(path)
    send_login(page, username, password)
    if page.get_by_role("heading", name="输入动态码").count():
        send_code(page)


def send_login(page: Page, username: str, password: str) -> None:
    """The first step of the log-in."""
    form = page.locator("form.account-form")
    form.get_by_label("账号").fill(username)
    form.get_by_label("口令").fill(password)
    form.get_by_role("button", name="登录").click()


def send_code(page: Page) -> None:
    """The second step, with the code that the demonstration shows. A code works once: a used one means waiting for the
    next, at most half a minute."""
    end = time.monotonic() + 45
    while page.url.endswith("/account/login/code/"):
        found = _CODE.search(page.locator(".notice-info strong").inner_text())
        assert found, "the demonstration shows no code"
        page.locator("form.account-form input[name=code]").fill(found.group())
        page.locator("form.account-form").get_by_role("button", name="登录").click()
        assert time.monotonic() < end, "no code was taken"
        if page.url.endswith("/account/login/code/"):
            page.wait_for_timeout(2000)
            page.reload()


def at_home(page: Page) -> None:
    """The home page is open, by a person who is logged in."""
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))
    expect(page.locator("body.framed")).to_be_visible()


def own_menu(page: Page) -> list[tuple[str, str]]:
    """Label and address of every entry of the open page's menu."""
    links: Locator = page.locator("nav.sidebar a.sidebar-link")
    return links.evaluate_all("all => all.map(one => [one.innerText.trim() || one.textContent.trim(), one.pathname])")
