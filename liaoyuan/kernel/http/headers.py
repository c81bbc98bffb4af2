"""Response headers that Django and django-csp leave to us."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class SecurityHeadersMiddleware:
    """Pages are private and never cached; the browser's sensors stay off, but for the position on our own pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on, then set what is not set."""
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store" if request.path.startswith("/api/") else "private, no-cache"
        return response
