"""Pages and JSON go out compressed: on a thin link a list of 50 rows is 8 kB instead of 60."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_WORDY = ("text/", "application/json", "application/problem+json", "image/svg+xml")


class CompressMiddleware(GZipMiddleware):
    """Django's compression (with its random padding against BREACH) for what compresses: never for workbooks, videos
    and other streams, which are compressed already and must keep their length."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a finished text answer."""
        if response.streaming or not response.get("Content-Type", "").startswith(_WORDY):
            return response
        return super().process_response(request, response)
