"""What the calendar brings about by itself."""

import logging

from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.services import attachment
from liaoyuan.organisation.whereabouts.services.presence import lock_people

_log = logging.getLogger(__name__)


def attachments_begin(*, actor: Actor) -> int:
    """Attach everybody whose posting has begun and names a branch. One that members refuses is logged and stays a data
    problem for its clerk; the others go on. Returns how many were attached."""
    done = 0
    for key in attachment.due():
        try:
            with unit_of_work():
                rows = Posting.objects.unscoped("the turn of the day").filter(pk=key)
                posting = rows.select_related("person__unit", "purpose", "site", "attached_unit").first()
                if posting is None:
                    continue
                attachment.lock_branch(posting.attached_unit)
                lock_people([posting.person_id])
                posting.person.refresh_from_db()
                attachment.begin(actor, posting)
                done += 1
        except DomainError as error:
            _log.warning("外出 %s 没有办成挂靠：%s", key, error.message)
    return done
