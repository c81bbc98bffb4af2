"""What whereabouts does when something below it changed."""

from django.utils.translation import gettext as _

from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PersonChanged, PersonLeft, PersonMoved
from liaoyuan.organisation.units.events import SiteUpdated, UnitPathsChanged, UnitPathsRebuilt, UnitUpdated
from liaoyuan.organisation.units.services.paths import paths_rewrite
from liaoyuan.organisation.whereabouts.models import Presence
from liaoyuan.organisation.whereabouts.services.changes import postings_leave
from liaoyuan.organisation.whereabouts.services.presence import (
    AT_ONCE,
    count_under,
    presence_refresh,
    presence_refresh_under,
    presence_tell,
)
from liaoyuan.organisation.whereabouts.services.sites import count_at, presence_refresh_at, presence_tell_at


def on_paths_changed(event: UnitPathsChanged) -> None:
    """Same transaction: a map that looked between the two would show people to whom they do not belong."""
    changed = paths_rewrite(Presence, "home_path", event.moves)
    changed += paths_rewrite(Presence, "attached_path", event.moves)
    if changed:
        presence_tell([path for move in event.moves for path in move], same_places=True)


def on_paths_rebuilt(event: UnitPathsRebuilt) -> None:
    """People's paths were derived anew; so are their presences."""
    presence_refresh()


def on_unit_updated(event: UnitUpdated) -> None:
    """Its home base may be another, for everybody below it. Many people are left to the worker."""
    if count_under(event.path) <= AT_ONCE:
        presence_refresh_under(event.path)
    else:
        enqueue("whereabouts.refresh", path=event.path)


def on_site_updated(event: SiteUpdated) -> None:
    """Those who are there move with it; a new name alone moves nobody, but maps show it."""
    if not event.moved:
        presence_tell_at(event.site_id)
    elif count_at(event.site_id) <= AT_ONCE:
        presence_refresh_at(event.site_id)
    else:
        enqueue("whereabouts.refresh", site=str(event.site_id))


def on_left(event: PersonLeft) -> None:
    """Same transaction: who has left is away from nowhere, in the register as on the map."""
    postings_leave(actor=Actor.system(_("离队")), person=event.person_id, on=event.on)


def on_person(event: PersonChanged | PersonMoved) -> None:
    """Standing, rank, branch, leaving: all repeated in the presence."""
    presence_refresh([event.person_id])
