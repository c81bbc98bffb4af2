"""Account pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, response: HttpResponse | None = None, credentials: object = None) -> HttpResponse:
    """Too many failures: say how long to wait, and nothing about whether the account exists."""
    return render(request, "accounts/locked.html", status=429)
