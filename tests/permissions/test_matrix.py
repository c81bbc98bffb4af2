"""The permission matrix holds, and no address is missing from it."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.matrix import PERSONAS, Line, lines
from tests.permissions.world import World

REFUSED = {302, 401, 403, 404}


def _routes(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _routes(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or f"?{pattern.pattern}"))


def test_every_address_is_in_the_matrix() -> None:
    known = {line.route for line in lines()}
    real = set(_routes(get_resolver()))
    assert not sorted(real - known), "add these to tests/permissions/matrix.py"
    assert not sorted(known - real), "these are gone"


def test_the_matrix_names_each_address_once() -> None:
    keys = [(line.method, line.route, line.arguments) for line in lines()]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
@pytest.mark.parametrize("persona", PERSONAS)
def test_a_persona_may_exactly_what_the_matrix_says(persona: str) -> None:
    world = World()
    client = Client(raise_request_exception=False)
    wrong = []
    for line in lines():
        url = reverse(line.route, kwargs=world.arguments(line.arguments))
        expected = line.codes[persona]
        got = _status(client, world, persona, line.method, url)
        if got != expected:
            wrong.append(f"{line.method} {line.route}: {got}, the matrix says {expected}")
        if line.method == "GET" and expected in REFUSED - {302}:
            other = _status(client, world, persona, "POST", url)
            if other not in {expected, 405}:
                wrong.append(f"POST {line.route}: {other}, although GET is {expected}")
    assert not wrong, "\n".join(wrong)


def _status(client: Client, world: World, persona: str, method: str, url: str) -> int:
    """One request in a transaction of its own, undone afterwards: no line sees what another did."""
    point = transaction.savepoint()
    try:
        if persona != "anonymous":
            world.house.login(client, persona)
        response = getattr(client, method.lower())(url)
        if response.streaming:
            list(response.streaming_content)  # read to its end, it closes its file
        return int(response.status_code)
    finally:
        transaction.savepoint_rollback(point)


def test_a_visitor_gets_nothing_but_the_log_in() -> None:
    open_to_all = {"account_login", "api:openapi-json"}
    assert {line.route for line in lines() if line.codes["anonymous"] == 200} == open_to_all


def test_the_three_administrators_never_read_a_member() -> None:
    administrators = ("system_admin", "security_admin", "audit_admin")
    personal = (
        "members:",
        "whereabouts:",
        "roster:",
        "orglife:",
        "notices:",
        "insights:people",
        "insights:map",
        "api:members",
        "api:member",
    )
    for line in _personal(personal):
        for persona in administrators:
            assert line.codes[persona] in {403, 404, 302}, f"{persona} {line.route}"


def _personal(prefixes: tuple[str, ...]) -> list[Line]:
    return [line for line in lines() if line.route.startswith(prefixes)]


def test_the_other_branch_never_reaches_this_one() -> None:
    """What names a row of side a is unknown to a member of side b."""
    named = [
        line
        for line in lines()
        if any(f"={key}" in line.arguments for key in ("person", "posting", "unit", "meeting", "motion", "notice"))
    ]
    assert named
    for line in named:
        assert line.codes["member_b"] == 404, line.route


@pytest.mark.django_db
def test_another_method_is_refused_in_words_on_pages_and_by_the_api(client: Client) -> None:
    world = World()
    world.house.login(client, "organisation_clerk")
    page = client.post(reverse("members:list"))
    assert (page.status_code, page["Allow"]) == (405, "GET")
    assert "不接受 POST" in page.content.decode()
    answer = client.put("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"], answer["Allow"]) == (405, "application/problem+json", "GET")
    assert answer.json()["status"] == 405
