"""The product's own web process with one more page: a bare single row by its primary key, behind the same log-in.

``python -m benchmarks.same_stack PORT`` serves everything the product serves, and ``/bench/row/<id>/``.
"""

import gc
import os
import sys
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")

import django

django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402  after set-up
from django.http import HttpRequest, HttpResponse  # noqa: E402  after set-up
from django.urls import path  # noqa: E402  after set-up

from liaoyuan.config import urls  # noqa: E402  after set-up
from liaoyuan.config.processes import web  # noqa: E402  after set-up
from liaoyuan.organisation.members.models import Person  # noqa: E402  after set-up


@login_required
def row(request: HttpRequest, key: UUID) -> HttpResponse:
    """A name by its key: no actor, no scope, no template."""
    return HttpResponse(Person.objects.unscoped("the yardstick").values_list("name", flat=True).get(pk=key))


urls.urlpatterns.append(path("bench/row/<uuid:key>/", row))

if __name__ == "__main__":
    web.load()
    listener = web.listen("127.0.0.1", int(sys.argv[1]))
    gc.collect()
    gc.freeze()  # as the product does before it forks
    web.run(listener)
