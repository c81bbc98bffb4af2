"""Which papers the branch holds for a case."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Paper
from liaoyuan.affairs.admission.policies import can_keep
from liaoyuan.affairs.admission.rules.papers import PAPERS
from liaoyuan.affairs.admission.services.locking import locked_case
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor

MOST_PAGES = 999


def paper_record(*, actor: Actor, case: UUID, kind: str, received_on: date, pages: int = 1, place: str = "") -> Paper:
    """A paper lies in the case file since a day. Recorded again, the newer entry stands; the trail keeps both."""
    if kind not in PAPERS:
        raise DomainError(_("没有这种材料，请从列表中选择。"), field="kind")
    if received_on > clock.today():
        raise DomainError(_("收到日期还没有到。"), field="received_on")
    if not 1 <= pages <= MOST_PAGES:
        raise DomainError(_("页数应在 1 至 %(most)d 之间。") % {"most": MOST_PAGES}, field="pages")
    with unit_of_work():
        row = locked_case(actor, case)
        can_keep(actor, row).require()
        paper, _created = Paper.objects.update_or_create(
            case=row,
            kind=kind,
            defaults={
                "received_on": received_on,
                "pages": pages,
                "place": " ".join(place.split())[:80],
                "by_name": actor.name[:80],
                "recorded_at": clock.now(),
            },
        )
        audit(
            actor,
            "admission.paper",
            object_type="admission.case",
            object_id=row.pk,
            object_label=PAPERS[kind].name,
            subject_id=row.person_id,
            detail={"received_on": received_on, "pages": pages},
        )
        return paper
