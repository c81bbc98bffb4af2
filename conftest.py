"""What every test shares: a home of its own, both databases, failing on unknown template variables."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Before Django reads its settings: never the developer's own instance.
_home = Path(tempfile.mkdtemp(prefix="liaoyuan-test-"))
os.environ["LIAOYUAN_HOME"] = str(_home)
for _name in [
    name for name in os.environ if name.startswith("LIAOYUAN_") and name not in {"LIAOYUAN_HOME", "LIAOYUAN_TEST_DB"}
]:
    del os.environ[_name]
atexit.register(shutil.rmtree, _home, ignore_errors=True)

import pytest  # noqa: E402  after the environment is set
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402

from liaoyuan.foundation.audit.protection import protect, unprotect  # noqa: E402


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
def _media(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Uploads of a test stay in the test's own folder; static files need no manifest."""
    settings.STORAGES = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    yield
