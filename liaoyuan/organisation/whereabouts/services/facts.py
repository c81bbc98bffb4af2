"""Being away, told to the chronicle: the milestones follow the postings."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.services import Wanted, facts_follow
from liaoyuan.organisation.whereabouts.models import Posting

APP = "whereabouts"
BEGAN = "posting.began"
ENDED = "posting.ended"
KINDS = frozenset({BEGAN, ENDED})
_SCHEMA = {"purpose": str, "site": str}
FACT_KINDS = (
    FactKind(BEGAN, "外出", "{name}外出：{purpose}，{site}", schema=_SCHEMA, icon="plane-departure"),
    FactKind(ENDED, "归队", "{name}由{site}归队", schema=_SCHEMA, icon="plane-arrival"),
)
_CHUNK = 2000
_LOOK_BACK = timedelta(days=31)


def postings_follow(*, actor: Actor, person_ids: Iterable[UUID]) -> int:
    """Bring the facts about being away in line with the postings of these people that have begun. Returns how many
    facts were written."""
    source: Iterator[UUID] = iter(sorted(set(person_ids)))
    written = 0
    while ids := list(islice(source, _CHUNK)):
        written += facts_follow(actor=actor, app=APP, kinds=KINDS, person_ids=ids, wanted=_wanted(ids))
    return written


def postings_begun_follow(*, actor: Actor) -> int:
    """At the turn of the day: postings that were recorded ahead have begun. Looks back a month, so that an outage loses
    nothing."""
    today = clock.today()
    rows = Posting.objects.unscoped("facts follow every posting").filter(since__gt=today - _LOOK_BACK, since__lte=today)
    return postings_follow(actor=actor, person_ids=rows.order_by().values_list("person_id", flat=True))


def _wanted(ids: list[UUID]) -> Iterator[Wanted]:
    rows = Posting.objects.unscoped("facts follow the person's postings").filter(
        person_id__in=ids, since__lte=clock.today(), person__unit__isnull=False
    )
    columns = ("pk", "person_id", "person__unit_id", "person__unit__path", "purpose__name", "site__name", "since")
    for pk, person, unit, path, purpose, site, since, ended in rows.order_by().values_list(*columns, "ended_on"):
        payload = {"purpose": purpose, "site": site}
        yield Wanted(BEGAN, pk.hex, person, unit, path, since, payload)
        if ended is not None:
            yield Wanted(ENDED, pk.hex, person, unit, path, ended, payload)
