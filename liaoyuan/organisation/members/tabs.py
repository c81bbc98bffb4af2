"""The member file's own tabs, beside which other apps put theirs; the people's tab of a unit's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel.registry import ProfileTab, add_profile_tab
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import can_hand_out_codes
from liaoyuan.organisation.members.selectors import (
    acts_on,
    facts_of,
    memberships_of,
    people_of_unit,
    person_timeline,
    standings_of,
    tenures_of,
)
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.registry import UnitTab, add_unit_tab

_SHOWN = 60


def register() -> None:
    """Called once from ``AppConfig.ready``."""
    add_profile_tab(ProfileTab("basic", str(_("基本信息")), "members/_tab_basic.html", 10, _basic))
    add_profile_tab(ProfileTab("timeline", str(_("履历")), "members/_tab_timeline.html", 20, _timeline))
    add_profile_tab(ProfileTab("belonging", str(_("组织关系")), "members/_tab_belonging.html", 30, _belonging))
    add_unit_tab(UnitTab("people", str(_("人员")), "members/_unit_tab.html", 10, _people))
    add_profile_tab(ProfileTab("tenures", str(_("任职")), "members/_tab_tenures.html", 35, _tenures))


def _basic(actor: Actor, person: Person) -> dict[str, Any]:
    return {"facts": facts_of(person), "standings": standings_of(person)}


def _timeline(actor: Actor, person: Person) -> dict[str, Any]:
    return {"items": person_timeline(actor, person)}


def _belonging(actor: Actor, person: Person) -> dict[str, Any]:
    return {"memberships": memberships_of(person), "acts": acts_on(actor, person)}


def _tenures(actor: Actor, person: Person) -> dict[str, Any]:
    return {"tenures": tenures_of(person), "acts": acts_on(actor, person)}


def _people(actor: Actor, unit: Unit) -> dict[str, Any] | None:
    people = people_of_unit(actor, unit, limit=_SHOWN + 1)
    if people is None:
        return None
    return {
        "people": people[:_SHOWN],
        "more": len(people) > _SHOWN,
        "list_url": f"{reverse('members:list')}?unit={unit.code}",
        "codes_url": reverse("members:codes", args=[unit.pk]) if can_hand_out_codes(actor, unit) else "",
    }
