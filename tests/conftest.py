"""The served product and its visitors, for ``e2e`` and ``scenes``. Nothing starts before a test asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.clocked import Clocked, ClockedVisits
    from tests.e2e.product import Product, Visits


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Product"]:
    """``liaoyuan serve --demo`` on a home (and, with DATABASE_URL, a database) of its own; its log must stay clean."""
    from tests.e2e.product import READY, Product
    from tests.operations.conftest import drop_database, fresh_database
    from tests.operations.instance import Instance

    home = tmp_path_factory.mktemp("demo") / "home"
    home.mkdir()
    url = fresh_database("demo")
    instance = Instance(home, env={"DATABASE_URL": url})
    served = Product(instance)
    try:
        instance.start("serve", "--demo", "--port", str(instance.port), wait=READY)
        yield served
    finally:
        instance.stop()
        drop_database(url)
    assert not (troubles := served.troubles()), f"the product's log:\n{troubles}"


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """The system's Chromium. For a module only: while Playwright runs, Django refuses the database in this thread."""
    from liaoyuan.kernel.testing.browser import browser as chromium

    with chromium("--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1") as started:
        yield started


@pytest.fixture
def login(product: "Product", browser: "Browser") -> Iterator["Visits"]:
    """``login("clerk")`` opens a browser of that persona, ``login.guest()`` one of nobody. Script errors, refused
    content, answers ≥ 500 and requests that leave this machine fail the test."""
    from tests.e2e.product import Visits

    visits = Visits(product, browser)
    yield visits
    visits.finish()


@pytest.fixture(scope="session")
def clocked_database(django_db_setup: None, django_db_blocker: Any, django_db_keepdb: bool) -> Iterator[None]:
    """The test database. Where no test of the run asks pytest-django for it, pytest-django makes none. ``--reuse-db``
    keeps it on PostgreSQL."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    made = None
    if str(connection.settings_dict["NAME"]) != str(connection.settings_dict["TEST"]["NAME"]):
        with django_db_blocker.unblock():
            made = setup_databases(
                verbosity=0,
                interactive=False,
                keepdb=django_db_keepdb,
                aliases=["default"],  # type: ignore[arg-type]  # the stubs want a mapping
            )
    yield
    if made is not None and not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def clocked(clocked_database: None, django_db_blocker: Any) -> Iterator["Clocked"]:
    """The product in this process, on the test database, with a clock that the test sets: see tests/e2e/clocked.py.
    Its log must stay clean."""
    from tests.e2e.clocked import Clocked

    with django_db_blocker.unblock():
        served = Clocked()
        served.start()
        try:
            yield served
        finally:
            troubles = served.stop()
    assert not troubles, f"the product's log:\n{troubles}"


@pytest.fixture
def visits(clocked: "Clocked", browser: "Browser") -> Iterator["ClockedVisits"]:
    """``visits("a-branch_secretary")`` opens a browser of that account, logged in; as strict as ``login``."""
    from tests.e2e.clocked import ClockedVisits

    opened = ClockedVisits(clocked, browser)
    yield opened
    opened.finish()
