"""The API under odd requests: schemathesis makes them from the published description, and holds us to it."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis import checks

from liaoyuan.config.api import api
from liaoyuan.config.wsgi import application
from tests.permissions.world import World

schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
schema.app = application
schema.config.generation.update(with_security_parameters=False)  # a made-up token would hide the session
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
)
EXAMPLES = 10


@pytest.fixture
def cookie(request: pytest.FixtureRequest, db: None) -> Iterator[str]:
    """The cookie header of the persona; requests inside the test's transaction must not close its connection."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    house = World().house
    client = Client()
    if request.param != "anonymous":
        house.login(client, request.param)
    yield "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize(
    "cookie", ["anonymous", "branch_secretary", "organisation_clerk", "audit_admin"], indirect=True
)
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_what_the_description_says(case: schemathesis.Case, cookie: str) -> None:
    response = case.call(headers={"Cookie": cookie, "Host": "127.0.0.1"})
    case.validate_response(response, checks=list(CHECKS))
