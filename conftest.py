"""What every test shares: a home of its own, both databases, no network, no unknown template variables."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template.base import FilterExpression
from django.template.defaultfilters import default, default_if_none
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from liaoyuan.foundation.audit.protection import protect, unprotect
from liaoyuan.kernel.testing.home import HOME
from liaoyuan.kernel.testing.module_db import module_db

__all__ = ["module_db"]

# A busy machine is not a fault of the rule: properties are judged by what they find, never by how long it took.
hypothesis_settings.register_profile("liaoyuan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("liaoyuan")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Let parallel runs on one PostgreSQL use databases of their own: LIAOYUAN_TEST_DB names the suffix."""
    from django.conf import settings

    suffix = os.environ.get("LIAOYUAN_TEST_DB", "")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    database = settings.DATABASES["default"]
    if "postgresql" in database["ENGINE"]:
        name = "_".join(part for part in ("test_liaoyuan", suffix, worker) if part)
        database.setdefault("TEST", {})["NAME"] = name
        connection.settings_dict["TEST"]["NAME"] = name
    else:
        # A file, as in production: writers in threads queue up (WAL) instead of failing on a shared memory cache.
        database.setdefault("TEST", {})["NAME"] = HOME / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = HOME / "test.sqlite3"


_teardown = TransactionTestCase._fixture_teardown


def _teardown_with_guard_down(self: Any) -> None:
    """Emptying the tables after a transactional test needs the audit guard down for a moment."""
    unprotect(connection)
    try:
        _teardown(self)
    finally:
        protect(connection)


TransactionTestCase._fixture_teardown = _teardown_with_guard_down  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    """Uploads of a test stay in the test's own folder; static files need no manifest."""
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


# --fail-on-template-vars (pyproject) fails a test on a variable the context does not hold. Naming a default is how a
# template says that a variable is optional: {{ label|default:"" }}.
_resolve = FilterExpression.resolve


def _resolve_optional(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
    optional = bool(self.filters) and self.filters[0][0] in {default, default_if_none}
    return _resolve(self, context, ignore_failures=ignore_failures or optional)


FilterExpression.resolve = _resolve_optional  # type: ignore[method-assign]


# No test reaches further than this machine.
_connect = socket.socket.connect


def _connect_locally(self: socket.socket, address: Any) -> None:
    if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
        raise RuntimeError(f"a test tried to reach {address[0]}")
    _connect(self, address)


socket.socket.connect = _connect_locally  # type: ignore[method-assign]


# Which templates the run rendered, for tests/closing. One file per process: safe under xdist and for two databases.
_rendered: set[str] = set()


def _note_rendered(sender: Any, template: Any, **more: Any) -> None:
    if template.name:
        _rendered.add(template.name)


template_rendered.connect(_note_rendered)


def pytest_sessionfinish() -> None:
    """Leave the names for the closing check."""
    folder = os.environ.get("RENDERED_TEMPLATES_DIR", "")
    if folder and _rendered:
        (Path(folder) / f"{os.getpid()}.txt").write_text("\n".join(sorted(_rendered)))
