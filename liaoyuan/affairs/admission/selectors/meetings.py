"""General meetings to which a case may be put."""

from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.activity.orglife.rules.meetings import OPEN, PLANNED
from liaoyuan.activity.orglife.selectors import meetings_visible
from liaoyuan.affairs.admission.models import Case
from liaoyuan.kernel.scoping import Actor


def meetings_ahead(actor: Actor, case: Case) -> list[Meeting]:
    """General meetings of the case's branch that are planned or open."""
    rows = meetings_visible(actor).filter(unit=case.unit_id, kind="general_meeting", state__in=[PLANNED, OPEN])
    return list(rows.order_by("planned_at")[:50])
