"""The product inside the test's own process, so that a test can set its clock.

Fixtures (tests/conftest.py): ``clocked``, one served product for a module, and ``visits``, browsers in it.

    def test_something(clocked: Clocked, visits: ClockedVisits) -> None:
        clocked.at("2026-11-23")             # noon of that day, from now on and for everything
        house = clocked.do(two_branches)     # rows: by services or factories, in the thread of the data
        page = visits("a-branch_secretary")  # somebody's browser, by the name of the account, logged in
        page.goto("/admission/")
        clocked.at("2026-12-24")             # nobody is logged out by that
        clocked.run_job("duties.daily")      # what the scheduler would start; returns when all jobs are done
        clocked.settle()                     # returns when every job that a click has queued is done

``clocked.at(…)`` takes a date (its noon), a moment with its zone, or either as ISO text. It moves ``kernel.clock``
alone: browsers, cookies and Django's own columns keep the real time. ``clocked.load_demo("2026-11-22")`` loads the demo
brigade as of that day and returns its accounts by persona (``tests.e2e.product.TITLES``).

While Playwright runs, Django refuses the database in the test's thread: everything that touches rows goes through
``do``, the function with its arguments; what it returns must be read in full there (no lazy querysets, no unread
relations).

It is the product as it is served (uvicorn, websockets, the task worker), on the test database of either kind. Nothing
is rolled back between the tests of a module, they share one world; after the module every table is emptied.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any, TypeVar

import uvicorn
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import Client, override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Browser, Page, expect

from liaoyuan.config.asgi import compose
from liaoyuan.config.processes.worker import LiaoyuanWorker
from liaoyuan.desk.demo.services import load
from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.protection import protect, unprotect
from liaoyuan.kernel import clock, jobs
from liaoyuan.organisation.members.tests.factories import BACKEND
from tests.e2e.product import TITLES, Visits

T = TypeVar("T")
LONG = 300.0  # seconds after which something hangs
_WORKER = ("django_tasks_db", "django_tasks", "django.tasks")


class Clocked:
    """The product served by threads of this process; ``url`` is where."""

    def __init__(self) -> None:
        self.url = ""
        self.people: dict[str, str] = {}  # account → session
        self._data = ThreadPoolExecutor(1, thread_name_prefix="data")
        self._clock = ExitStack()
        self._settings = override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_MAX_AGE=3600)
        self._troubles = _Troubles()
        self._threads: list[threading.Thread] = []

    # ── the clock and the data ────────────────────────────────────────────────────────────────────────────────────────

    def at(self, moment: date | str) -> None:
        """From now on it is ``moment``; whoever is logged in stays so. ``settle()`` first where jobs may run."""
        if isinstance(moment, str):
            moment = date.fromisoformat(moment) if len(moment) == 10 else datetime.fromisoformat(moment)
        if isinstance(moment, datetime) and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
        ahead = _noon(moment) > clock.now()
        if ahead:  # an open page that asks for news in between must not find its session unused for months
            self.do(self._renew, moment)
        self._clock.close()
        self._clock.enter_context(clock.set_to(moment))
        if not ahead:
            self.do(self._renew, moment)

    def do(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """What ``work`` returns, done in the thread of the data."""
        return self._data.submit(work, *args, **kwargs).result(LONG)

    def load_demo(self, moment: date | str) -> dict[str, str]:
        """The demo brigade as of that day; its accounts by persona."""
        self.at(moment)
        with override_settings(LIAOYUAN=settings.LIAOYUAN.model_copy(update={"demo": True})):
            logins = self.do(load, say=str)
        return {TITLES[login.title.partition(" · ")[0]]: login.username for login in logins}

    def session(self, account: str) -> str:
        """A session of ``account``, logged in now."""
        if account not in self.people:
            self.people[account] = self.do(_log_in, account)
        return self.people[account]

    def _renew(self, moment: date | datetime) -> None:
        with clock.set_to(moment):
            for account, key in self.people.items():
                _fresh(account)
                session = Client().session.__class__(key)
                if session.exists(key):
                    browser_session.start(session)
                    session[browser_session.TOTP] = True
                    session.save()

    # ── background work ───────────────────────────────────────────────────────────────────────────────────────────────

    def run_job(self, name: str, **arguments: Any) -> None:
        """Queue a job, as the scheduler does, and wait until nothing is left to do."""
        self.do(jobs.enqueue, name, **arguments)
        self.settle()

    def settle(self) -> None:
        """Wait until no job is queued or running."""
        end = time.monotonic() + LONG
        while self.do(lambda: DBTaskResult.objects.filter(status__in=["READY", "RUNNING"]).exists()):
            assert time.monotonic() < end, "the worker does not finish"
            time.sleep(0.05)

    # ── begin and end ─────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Serve, on a port that is free."""
        self._settings.enable()
        connection.settings_dict["CONN_MAX_AGE"] = 0  # threads that end must leave no connection behind
        logging.getLogger().addHandler(self._troubles)
        for name in _WORKER:
            logging.getLogger(name).setLevel(logging.ERROR)
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            compose(get_wsgi_application()),
            loop="asyncio",
            http="httptools",
            ws="websockets-sansio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._go(self._server.run, sockets=[listener])
        self._worker_up = threading.Event()
        self._go(self._work)
        end = time.monotonic() + LONG
        while not (self._server.started and self._worker_up.is_set()):
            assert time.monotonic() < end, "the product does not start"
            time.sleep(0.02)

    def stop(self) -> str:
        """End everything, empty the tables; what the log said that no healthy product says."""
        self._server.should_exit = True
        self._worker.running = False
        for thread in self._threads:
            thread.join(LONG)
        self.do(_empty)
        self._data.submit(connections.close_all).result(LONG)
        self._data.shutdown()
        self._clock.close()
        self._settings.disable()
        logging.getLogger().removeHandler(self._troubles)
        assert not any(thread.is_alive() for thread in self._threads), "a thread of the product hangs"
        return "\n".join(self._troubles.said[:3])

    def _go(self, work: Callable[..., Any], **kwargs: Any) -> None:
        thread = threading.Thread(target=work, kwargs=kwargs, daemon=True, name=work.__qualname__)
        thread.start()
        self._threads.append(thread)

    def _work(self) -> None:
        self._worker = LiaoyuanWorker()
        self._worker_up.set()
        try:
            self._worker.work()
        finally:
            self._worker.lock.release()
            connections.close_all()


class ClockedVisits(Visits):
    """Browsers in the product of this process, as strict as those of ``Visits``."""

    def __init__(self, clocked: Clocked, chromium: Browser) -> None:
        super().__init__(clocked, chromium)  # type: ignore[arg-type]  # of a product a visit needs the address alone
        self.clocked = clocked

    def __call__(self, persona: str, *, size: str = "wide", awaiting: tuple[int, ...] = (), **options: Any) -> Page:
        """A new browser of an account (``persona``), logged in. ``awaiting``: refusals (4xx) the test is about."""
        key = self.clocked.session(persona)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.clocked.url}
        page = self._page(persona, size=size, awaiting=awaiting, **options)
        expect.set_options(timeout=1000 * LONG / 5)
        page.context.set_default_timeout(1000 * LONG)  # nothing here is about speed, and years of duties may be due
        page.context.add_cookies([cookie])  # type: ignore[list-item]  # a dict is what it wants
        return page

    def other(self, person: dict[str, Any], *, awaiting: tuple[int, ...] = ()) -> Page:
        """A new browser of a person, as ``Product.facts`` tells of people."""
        return self(person["user"], awaiting=awaiting)


class _Troubles(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


def _noon(moment: date | datetime) -> datetime:
    with clock.set_to(moment):
        return clock.now()


def _fresh(account: str) -> User:
    """Nobody has to change a password in the middle of a test."""
    user = User.objects.get(username=account)
    user.must_change_password, user.password_changed_at = False, clock.now()
    user.save(update_fields=["must_change_password", "password_changed_at"])
    return user


def _log_in(account: str) -> str:
    client = Client()
    client.force_login(_fresh(account), backend=BACKEND)
    session = client.session
    browser_session.start(session)
    session[browser_session.TOTP] = True
    session.save()
    return str(session.session_key)


def _empty() -> None:
    """As after a transactional test: empty tables, with the reference data that migrating puts in."""
    unprotect(connection)
    try:
        call_command("flush", verbosity=0, interactive=False, allow_cascade=False, inhibit_post_migrate=False)
    finally:
        protect(connection)
    ContentType.objects.clear_cache()
    cache.clear()
