"""Sites."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.organisation.units import policies
from liaoyuan.organisation.units.forms.fields import show_refusal
from liaoyuan.organisation.units.forms.grants import SiteForm
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.units.selectors import site_get, sites
from liaoyuan.organisation.units.services import site_create, site_retire, site_update
from liaoyuan.organisation.units.views.tree import require_view


@login_required
@require_safe
def site_list(request: HttpRequest) -> HttpResponse:
    """Places, and how many of one's own units are stationed there."""
    actor = request.actor  # type: ignore[attr-defined]
    require_view(actor)
    may = bool(policies.can_manage_sites(actor))
    columns = [
        Column("name", _("点位"), lambda site: site.name, sort=("name",)),
        Column(
            "lon", _("经度"), lambda site: f"{site.lon:.4f}", sort=("lon",), kind="number", export=lambda site: site.lon
        ),
        Column(
            "lat", _("纬度"), lambda site: f"{site.lat:.4f}", sort=("lat",), kind="number", export=lambda site: site.lat
        ),
        Column("units", _("驻扎组织"), lambda site: str(site.unit_count), sort=("unit_count",), kind="number"),
        Column("active", _("状态"), lambda site: _("在用") if site.active else _("停用"), sort=("active",)),
    ]
    if may:
        columns.append(Column("edit", _("操作"), _buttons, kind="action"))
    page = ListPage(
        title=_("点位"),
        subtitle=_("组织驻地和外出地点共用的地名与坐标。"),
        columns=columns,
        rows=sites(actor, retired=may),
        search=_search,
        default_sort="name",
        search_hint=_("点位名称"),
        noun=_("个"),
        empty=Empty(_("还没有点位"), _("导入花名册时会按驻地和外出地点自动建立。")),
        export_name=_("点位"),
        actions=[Action(_("新增点位"), reverse("units:site_create"), "plus", primary=True)] if may else [],
        row_class=lambda site: "" if site.active else "row-muted",
    )
    return render_list(request, page)


def _search(rows: QuerySet[Site], text: str) -> QuerySet[Site]:
    condition = Q()
    for word in text.split():
        condition &= Q(name__contains=word)
    return rows.filter(condition)


def _buttons(site: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("units:site_edit", args=[site.pk]), _("修改"))


@login_required
@require_http_methods(["GET", "POST"])
def site_new(request: HttpRequest) -> HttpResponse:
    """Add a place."""
    actor = request.actor  # type: ignore[attr-defined]
    policies.can_manage_sites(actor).require()
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            site = site_create(actor=actor, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已新增点位“%(site)s”。") % {"site": site.name})
            return redirect("units:sites")
    return render(request, "units/site.html", {"form": form, "title": _("新增点位")})


@login_required
@require_http_methods(["GET", "POST"])
def site_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a place or correct its coordinates."""
    actor = request.actor  # type: ignore[attr-defined]
    site = site_get(actor, pk)
    policies.can_manage_sites(actor).require()
    form = SiteForm(request.POST or None, initial={"name": site.name, "lon": site.lon, "lat": site.lat})
    if request.method == "POST" and form.is_valid():
        try:
            site_update(actor=actor, site=site, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已保存点位“%(site)s”。") % {"site": site.name})
            return redirect("units:sites")
    return render(request, "units/site.html", {"form": form, "site": site, "title": _("修改点位")})


@login_required
@require_POST
def site_switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Retire a place, or put it back."""
    actor = request.actor  # type: ignore[attr-defined]
    site = site_get(actor, pk)
    policies.can_manage_sites(actor).require()
    try:
        site_retire(actor=actor, site=site, active=not site.active)
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect("units:site_edit", pk)
    messages.success(request, _("点位“%(site)s”已更新。") % {"site": site.name})
    return redirect("units:sites")
