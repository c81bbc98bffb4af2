"""Named places."""

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import bus
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import policies, rules
from liaoyuan.organisation.units.events import SiteUpdated
from liaoyuan.organisation.units.models import Site, Unit


def site_create(*, actor: Actor, name: str, lon: float, lat: float) -> Site:
    """Add a place. Raises DomainError with the field for a taken name or coordinates out of range (degrees)."""
    policies.can_manage_sites(actor).require()
    with unit_of_work():
        name = _check(name, lon, lat)
        site = Site.objects.create(name=name, lon=lon, lat=lat)
        _record(actor, "units.site_create", site)
    return site


def site_update(*, actor: Actor, site: Site, name: str, lon: float, lat: float) -> Site:
    """Rename a place or correct its coordinates (SiteUpdated). Nothing different: nothing is written."""
    policies.can_manage_sites(actor).require()
    with unit_of_work():
        name = _check(name, lon, lat, but=site)
        if (site.name, site.lon, site.lat) == (name, lon, lat):
            return site
        before = {"name": site.name, "lon": site.lon, "lat": site.lat}
        site.name, site.lon, site.lat = name, lon, lat
        site.save(update_fields=["name", "lon", "lat"])
        _record(actor, "units.site_update", site, before=before)
        bus.publish(SiteUpdated(site.pk, moved=(before["lon"], before["lat"]) != (lon, lat)))
    return site


def site_retire(*, actor: Actor, site: Site, active: bool = False) -> Site:
    """Take a place out of the lists (``active=True`` puts it back). Refused while a living unit is stationed there."""
    policies.can_manage_sites(actor).require()
    with unit_of_work():
        if not active:
            count = Unit.objects.unscoped("is it in use").filter(site=site, dissolved_on__isnull=True).count()
            if count:
                raise DomainError(
                    _("“%(site)s”还是 %(count)s 个组织的驻地。请先改它们的驻地。") % {"site": site.name, "count": count}
                )
        if site.active != active:
            site.active = active
            site.save(update_fields=["active"])
            _record(actor, "units.site_restore" if active else "units.site_retire", site)
    return site


def site_for(*, actor: Actor, name: str, lon: float, lat: float) -> Site:
    """The place called ``name``, made where there is none; a known place keeps its coordinates."""
    name = rules.normalise_name(name)
    found = Site.objects.filter(name=name).first()
    return found if found is not None else site_create(actor=actor, name=name, lon=lon, lat=lat)


def _check(name: str, lon: float, lat: float, *, but: Site | None = None) -> str:
    name = rules.normalise_name(name)
    if not 2 <= len(name) <= rules.NAME_LENGTH or name.startswith(rules.FORMULA_SIGNS):
        raise DomainError(_("点位名称须为 2 至 80 个字，不以 = + - @ 开头。"), field="name")
    if not -180 <= lon <= 180:
        raise DomainError(_("经度须在 -180 到 180 之间，例如 117.39。"), field="lon")
    if not -90 <= lat <= 90:
        raise DomainError(_("纬度须在 -90 到 90 之间，例如 32.92。"), field="lat")
    rows = Site.objects.filter(name=name)
    if (rows.exclude(pk=but.pk) if but is not None else rows).exists():
        raise DomainError(_("已有名为“%(name)s”的点位。请直接选用，或换一个名称。") % {"name": name}, field="name")
    return name


def _record(actor: Actor, action: str, site: Site, **detail: object) -> None:
    values = {"lon": site.lon, "lat": site.lat, **detail}
    audit.record(actor, action, object_type="units.site", object_id=site.pk, object_label=site.name, detail=values)
