"""Work in the background: the present places by the hour, and what begins at midnight."""

from uuid import UUID

from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.whereabouts.services.day import attachments_begin
from liaoyuan.organisation.whereabouts.services.facts import postings_begun_follow
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh, presence_refresh_under, ticks_prune
from liaoyuan.organisation.whereabouts.services.sites import presence_refresh_at


@job("whereabouts.refresh", cron="10 * * * *")
def refresh(path: str = "", person_ids: list[str] | None = None, site: str = "") -> int:
    """Bring present places up to date: everybody's every hour (check-ins grow old), or of the subtree at ``path``, of
    those at ``site``, or of ``person_ids``."""
    if person_ids is not None:
        return presence_refresh(UUID(key) for key in person_ids)
    if site:
        return presence_refresh_at(UUID(site))
    if path:
        return presence_refresh_under(path)
    ticks_prune()
    return presence_refresh()


@job("whereabouts.turn_of_day", cron="2 0 * * *")
def turn_of_day() -> int:
    """Attach whose posting begins today, tell the chronicle, then bring everybody's place up to date: postings begin
    and end by date."""
    actor = Actor.system("外出按日生效")
    attachments_begin(actor=actor)
    postings_begun_follow(actor=actor)
    return presence_refresh()
