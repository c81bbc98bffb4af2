"""What costs much to set up is set up once for a module: its rows lie in a transaction around all of the tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database for a module-scoped fixture. Each test's own transaction is a savepoint in it, so that a test never
    sees another's rows. Give tests copies of the instances (``copy.deepcopy``): what one changes in memory, the next
    would find. Not beside tests with ``transaction=True``."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
