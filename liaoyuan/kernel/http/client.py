"""Where a request comes from: the peer's address, or what a trusted proxy says of it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def client_address(request: HttpRequest, *args: object, **kwargs: object) -> str:
    """The client's network address. X-Forwarded-For counts only from a trusted proxy, and only its last foreign hop."""
    address = request.META.get("REMOTE_ADDR", "") or ""
    trusted = settings.LIAOYUAN.trusted_proxies
    if address in trusted:
        for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            address = hop.strip() or address
            if address not in trusted:
                break
    return address[:45]


class ClientAddressMiddleware:
    """Sets ``request.client_address``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the address and go on."""
        request.client_address = client_address(request)  # type: ignore[attr-defined]  # set for every request here
        return self.get_response(request)
