"""Refusals on pages and the API become rows of the trail."""

from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest

from liaoyuan.foundation.audit.services import record_refusal
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor

ACTION = "web.refused"
_PERSON_KEYS = ("person_id", "person", "person_pk")


def refusal_to_trail(request: HttpRequest, error: DomainError) -> None:
    """Record a 403, and a 404 for what is out of scope, with the address asked for and the person it was about."""
    actor = _actor(request)
    if actor.user_id is None and not isinstance(error, NotPermitted):
        return  # a visitor's wrong address tells nothing and must not let him fill the trail
    match = request.resolver_match
    record_refusal(
        actor,
        ACTION,
        reason=error.message,
        object_type="page",
        object_id=match.view_name if match else "",
        object_label=request.path,
        subject_id=_person(request),
        detail={"method": request.method, "status": error.status, "clause": error.clause},
    )


def _actor(request: HttpRequest) -> Actor:
    auth = getattr(request, "auth", None)  # the API's token or session
    if isinstance(auth, Actor):
        return auth
    return getattr(request, "actor", None) or Actor.nobody()


def _person(request: HttpRequest) -> UUID | None:
    """The person the address names: by an argument called so, or by the key of the member pages."""
    match = request.resolver_match
    if match is None:
        return None
    keys = (*_PERSON_KEYS, "pk", "id") if "members" in match.app_names else _PERSON_KEYS
    for key in keys:
        value = match.kwargs.get(key)
        with suppress(ValueError, TypeError, AttributeError):
            return value if isinstance(value, UUID) else UUID(value)
    return None
