"""What units asks people to do, for the home page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.kernel.registry import Todo
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.policies import Capability
from liaoyuan.organisation.units.selectors import overdue_temporary_branches


def todos(actor: Actor) -> list[Todo]:
    """Temporary branches past their planned end, for whoever manages them: dissolve, or set another end (TB-06)."""
    if not actor.holds(Capability.MANAGE):
        return []
    return [
        Todo(
            title=_("“%(unit)s”已过计划撤销日期") % {"unit": unit.name},
            why=_("临时党支部随任务机构撤销而撤销（《中国共产党支部工作条例（试行）》第八条）。"),
            url=reverse("units:detail", args=[unit.pk]),
            action=_("办理撤销或延期"),
            severity=3,
            due=unit.planned_end_on,
            icon="sitemap",
        )
        for unit in overdue_temporary_branches(actor)
    ]
