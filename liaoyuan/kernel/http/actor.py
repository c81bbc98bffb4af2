"""``request.actor``: who acts, built once per request and only when asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from liaoyuan.kernel.scoping import Actor, actor_for


class ActorMiddleware:
    """Sets ``request.actor`` (lazy: static and log-in pages never pay for it)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor and go on."""
        request.actor = SimpleLazyObject(lambda: request_actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def request_actor(request: HttpRequest) -> Actor:
    """The actor of a request's session."""
    return actor_for(request.user, via="web", address=getattr(request, "client_address", ""))
