"""What hangs about a case that does not go on: nobody stays posted as a candidate to be."""

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PostingState, PublicPosting
from liaoyuan.activity.notices.services import posting_withdraw
from liaoyuan.affairs.admission.services.listing import SUBJECT
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict
from liaoyuan.kernel.scoping import Actor


def postings_take_down(*, case_id: object, why: str) -> int:
    """The case ended or is suspended: its open postings are taken down with ``why``, which everybody reads there. One
    to which somebody has objected stays until its receiver has said what came of that. Returns how many. The caller
    holds no lock on the case yet: the close of a posting locks the posting first and the case afterwards."""
    rows = PublicPosting.objects.unscoped("the case's own postings")
    taken = 0
    for pk in rows.filter(subject_type=SUBJECT, subject_id=str(case_id), state=PostingState.OPEN).values_list("pk"):
        try:
            with unit_of_work():
                posting_withdraw(actor=Actor.system(_("发展党员")), posting=pk[0], reason=why)
        except Conflict:
            continue  # objected to, or over at this moment
        taken += 1
    return taken
