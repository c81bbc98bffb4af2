"""How many queries pages take in this instance, and whether the filter by subtree uses an index.

``python -m benchmarks.queries KEY PATH …`` prints one number a page; ``--plan PREFIX`` prints how the database reads a
subtree of people."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402  after set-up
from django.db import connection  # noqa: E402  after set-up
from django.test import Client  # noqa: E402  after set-up
from django.test.utils import CaptureQueriesContext  # noqa: E402  after set-up

from liaoyuan.kernel.paths import upper  # noqa: E402  after set-up
from liaoyuan.organisation.members.models import Person  # noqa: E402  after set-up


def pages(key: str, paths: list[str]) -> None:
    """One number a page."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    for path in paths:
        counted = []
        for _ in range(4):  # the first warms up; once a minute a request also notes when the session was last seen
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answered {answer.status_code}")
            counted.append(len(captured))
        print(min(counted))


def plan(prefix: str) -> None:
    """The database's own words."""
    rows = Person.objects.unscoped("only its plan").filter(home_path__gte=prefix, home_path__lt=upper(prefix))
    print(" / ".join(rows.order_by("home_path", "rank_order", "id")[:50].explain().splitlines()))


if __name__ == "__main__":
    if sys.argv[1] == "--plan":
        plan(sys.argv[2])
    else:
        pages(sys.argv[1], sys.argv[2:])
