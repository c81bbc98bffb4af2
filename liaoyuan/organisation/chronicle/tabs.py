"""The chronicle's tab of the member file and of a unit's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel.registry import ProfileTab, add_profile_tab
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import Capability
from liaoyuan.organisation.chronicle.selectors.pages import facts_of_person, facts_of_unit, holding, kind_or_none, tell
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.registry import UnitTab, add_unit_tab

SHOWN = 40


def register() -> None:
    """Called once from ``AppConfig.ready``."""
    add_profile_tab(ProfileTab("story", _("纪实"), "chronicle/_tab.html", 25, _person))
    add_unit_tab(UnitTab("story", str(_("纪实")), "chronicle/_tab.html", 40, _unit))


def _person(actor: Actor, person: Person) -> dict[str, Any]:
    rows = holding(facts_of_person(actor, person)).order_by("-occurred_on", "-pk")
    may = actor.covers(Capability.RECORD, person.home_path)
    return {
        "items": [_item(row) for row in rows[:SHOWN]],
        "story_url": reverse("chronicle:person", args=[person.pk]),
        "record_url": f"{reverse('chronicle:record')}?person={person.number}" if may else "",
    }


def _unit(actor: Actor, unit: Unit) -> dict[str, Any] | None:
    if not actor.covers(Capability.VIEW, unit.path):
        return None

    def items() -> list[dict[str, Any]]:  # every tab of the page is built; only the one shown is read
        rows = holding(facts_of_unit(actor, unit)).order_by("-occurred_on", "-pk")
        return [_item(row) for row in rows[:SHOWN]]

    may = actor.covers(Capability.RECORD, unit.path)
    return {
        "items": items,
        "story_url": reverse("chronicle:unit", args=[unit.pk]),
        "record_url": f"{reverse('chronicle:record')}?unit={unit.code}" if may else "",
    }


def _item(row: Fact) -> dict[str, Any]:
    kind = kind_or_none(row.kind)
    return {
        "date": row.occurred_on,
        "title": tell(row),
        "body": _("更正过：%(reason)s") % {"reason": row.reason} if row.supersedes_id else "",
        "icon": kind.icon if kind else "point",
        "level": "",
        "url": reverse("chronicle:fact", args=[row.pk]),
    }
