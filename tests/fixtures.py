"""Fixtures shared by ``tests/e2e`` and ``tests/scenes``."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from liaoyuan.kernel.testing.browser import browser
from tests.browsing import LOG_INS, House, Visitor, visiting
from tests.operations.instance import Instance


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo brigade in it, made once per run; tests get copies."""
    home = tmp_path_factory.mktemp("demo") / "home"
    instance = Instance(home, env={"LIAOYUAN_DEMO": "true"})
    instance.run("manage", "migrate", "-v", "0")
    instance.run("demo", "load")
    return home


@pytest.fixture(scope="module")
def house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration, served by two web processes, for the tests of one module."""
    home = tmp_path_factory.mktemp("served") / "home"
    shutil.copytree(demo_home, home)
    instance = Instance(home, env={"LIAOYUAN_DEMO": "true", "LIAOYUAN_WEB_WORKERS": "2"})
    logins = {title: (name, password) for title, name, password in json.loads(instance.shell(LOG_INS).splitlines()[-1])}
    instance.start()
    yield House(instance, logins)
    instance.stop()
    assert "Traceback" not in instance.log(), instance.log()[-6000:]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for a module: Playwright's loop must not outlive it, Django's tests in the same run forbid one."""
    with browser() as found:
        yield found


@pytest.fixture
def visit(house: House, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open browser windows: ``visit()``, ``visit("支部书记")``, ``visit("普通党员", size="hand")``."""
    with ExitStack() as stack:

        def opening(title: str = "", *, size: str = "wide", script: bool = True) -> Visitor:
            visitor = stack.enter_context(visiting(house, chromium, size=size, script=script))
            if title:
                visitor.log_in(title)
            return visitor

        yield opening
