"""Writes of the members app, one function per verb. Other apps import from here.

``do_attach`` and ``do_detach`` assume that the caller has authorised and locked (a posting attaches by them).
"""

from liaoyuan.organisation.members.columns import columns_of, id_indexes
from liaoyuan.organisation.members.services.account import (
    person_account_create,
    person_account_link,
    person_account_unlink,
)
from liaoyuan.organisation.members.services.leaving import person_leave, person_return
from liaoyuan.organisation.members.services.locking import locked_person
from liaoyuan.organisation.members.services.membership import (
    do_attach,
    do_detach,
    membership_attach,
    membership_detach,
    membership_move,
)
from liaoyuan.organisation.members.services.person import person_create, person_update
from liaoyuan.organisation.members.services.reveal import Revealed, person_reveal
from liaoyuan.organisation.members.services.standing import standing_change
from liaoyuan.organisation.members.services.tenure import tenure_begin, tenure_end

__all__ = [
    "Revealed",
    "columns_of",
    "do_attach",
    "do_detach",
    "id_indexes",
    "locked_person",
    "membership_attach",
    "membership_detach",
    "membership_move",
    "person_account_create",
    "person_account_link",
    "person_account_unlink",
    "person_create",
    "person_leave",
    "person_return",
    "person_reveal",
    "person_update",
    "standing_change",
    "tenure_begin",
    "tenure_end",
]
