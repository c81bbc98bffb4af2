"""What the platform holds already, as far as the checks ask for it."""

from django.db.models import Max

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.members.services import id_indexes
from liaoyuan.organisation.roster.policies import Capability
from liaoyuan.organisation.roster.rules.rows import Known, PersonFact, PostFact, UnitFact
from liaoyuan.organisation.roster.selectors.absent import fill_absent
from liaoyuan.organisation.units.models import Post, Site, Unit, UnitChange
from liaoyuan.organisation.whereabouts.models import Posting, Purpose

_WHY = "a roster is checked against everything: a number taken elsewhere is taken"


def known_for(actor: Actor) -> Known:
    """Everything to check a roster against, and the actor's reach. Some ten queries, whatever the size; what lies out
    of reach is only used to say that it is."""
    units = Unit.objects.unscoped(_WHY).order_by()
    people = Person.objects.unscoped(_WHY).order_by()
    codes = dict(units.values_list("id", "code"))
    changes = UnitChange.objects.exclude(verb="create").order_by().values_list("unit_id")
    changed = dict(changes.annotate(last=Max("on")))
    facts: dict[str, PersonFact] = {}
    ids: dict[str, str] = {}
    accounts = dict.fromkeys(User.objects.order_by().values_list("username", flat=True), "")
    for number, unit, standing, full, path, account, index, active in people.values_list(
        "number", "unit_id", "standing", "full_since", "home_path", "user__username", "id_index", "active"
    ):
        facts[number] = PersonFact(number, codes.get(unit, ""), standing, full, path, account or "", not active)
        if index:
            ids[index] = number
        if account:
            accounts[account] = number
    known = Known(
        posts={
            post.name: PostFact(post.name, post.code, post.needs_full_member, tuple(post.unit_kinds))
            for post in Post.objects.all()
        },
        purposes=frozenset(Purpose.objects.values_list("name", flat=True)),
        units={
            code: UnitFact(code, name, kind, codes.get(parent, ""), founded, dissolved, path, changed.get(key))
            for key, code, name, kind, parent, founded, dissolved, path in units.values_list(
                "id", "code", "name", "kind", "parent_id", "founded_on", "dissolved_on", "path"
            )
        },
        people=facts,
        accounts=accounts,
        ids=ids,
        sites={name: (lon, lat) for name, lon, lat in Site.objects.values_list("name", "lon", "lat")},
        index=_index,
        fill=fill_absent,
        reach=actor.reach(Capability.IMPORT),
        limits=limits_at(),
    )
    if facts:
        _dated(known)
    return known


def _index(number: str) -> str:
    return id_indexes(number)[0]


def _dated(known: Known) -> None:
    rows = Tenure.objects.order_by().values_list("person__number", "unit__code", "post__name", "since", "until")
    for number, unit, post, since, until in rows:
        known.tenures.setdefault((number, unit, post), []).append((since, until))
    trips = Posting.objects.unscoped(_WHY).order_by()
    for number, since, planned, ended in trips.values_list("person__number", "since", "planned_end", "ended_on"):
        known.postings.setdefault(number, []).append((since, planned, ended))
