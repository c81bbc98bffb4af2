"""Who has no vote because of a penalty (``registry.add_rights_source``)."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.organisation.duties.selectors.penalties import penalties


def lost_by_penalty(people: Collection[UUID], on: date) -> Mapping[UUID, tuple[str, str]]:
    """Who is under 留党察看 has no vote until a decision gives his rights back (MT-17); a warning or the loss of a post
    takes no vote. A roll is read by everybody on it and the penalty is guarded: the words do not name it."""
    held = penalties(people, on)
    return {
        person: (_("党员权利没有恢复，情况见个人档案"), "MT-17")
        for person, penalty in held.items()
        if penalty == "probation"
    }
