"""Somebody checks in, each time a line arrives: what changes the map between two looks.

``python -m benchmarks.mover`` in the environment of an instance; answers every line with one, after the commit.
"""

import os
import random
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")

import django

django.setup()

from liaoyuan.kernel.scoping import actor_for  # noqa: E402  after set-up
from liaoyuan.organisation.members.models import Person  # noqa: E402  after set-up
from liaoyuan.organisation.units.models import Site  # noqa: E402  after set-up
from liaoyuan.organisation.whereabouts.services.checkins import check_in  # noqa: E402  after set-up


def main() -> None:
    """Until the input ends."""
    chance = random.Random()
    people = list(Person.objects.unscoped("measured").filter(active=True, user__isnull=False)[:2000])
    sites = list(Site.objects.filter(active=True).values_list("pk", flat=True))
    chance.shuffle(people)
    print("ready", flush=True)
    for number, _line in enumerate(sys.stdin):
        user = people[number % len(people)].user
        check_in(actor=actor_for(user, via="web"), site=chance.choice(sites))
        print("moved", flush=True)


if __name__ == "__main__":
    main()
