"""The audit trail and its proof, for the audit administrator."""

import json

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.desk.oversight.forms import CodesForm, TrailFilters
from liaoyuan.foundation.audit.labels import label_of
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.policies import Capability
from liaoyuan.foundation.audit.rules import EXPORT
from liaoyuan.foundation.audit.selectors import TEXT_DAYS, Search, last_proof, narrow, proofs, trail, trail_size
from liaoyuan.foundation.audit.services import chain_verify, record
from liaoyuan.foundation.audit.tasks import VERIFY
from liaoyuan.kernel import clock
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.ui.lists import Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import state

AT_ONCE = 50_000  # rows proved while the page waits (about a second); longer chains are proved in the background
VIA = {"web": "网页", "api": "接口", "socket": "实时", "job": "后台", "cli": "命令行"}


def _columns() -> list[Column]:
    return [
        Column("seq", _("序号"), lambda row: row.seq, kind="number"),
        Column(
            "at",
            _("时间"),
            lambda row: f"{clock.local(row.at):%Y-%m-%d %H:%M:%S}",
            export=lambda row: row.at,
            kind="date",
        ),
        Column("actor", _("操作人"), lambda row: row.actor_name),
        Column("action", _("动作"), lambda row: label_of(row.action), kind="words"),
        Column("result", _("结果"), _result, export=lambda row: _("允许") if row.allowed else _("拒绝")),
        Column("object", _("对象"), lambda row: row.object_label, kind="words"),
        Column("reason", _("理由"), lambda row: row.reason),
        Column("address", _("来源地址"), lambda row: row.address),
        Column("via", _("途径"), lambda row: VIA.get(row.via, row.via), default=False),
        Column("code", _("动作代码"), lambda row: row.action, default=False),
        Column("type", _("对象类别"), lambda row: row.object_type, default=False),
        Column("object_id", _("对象编号"), lambda row: row.object_id, default=False),
        Column("actor_id", _("账号编号"), lambda row: row.actor_id or "", default=False),
        Column("subject_id", _("所涉人员编号"), lambda row: row.subject_id or "", default=False),
        Column("detail", _("细节"), _detail, default=False),
        Column("mac", _("链值"), lambda row: row.mac, default=False),
    ]


def _moment(row: AuditEntry) -> str:
    return f"{clock.local(row.at):%Y-%m-%d %H:%M:%S}"


def _result(row: AuditEntry) -> str:
    return state("ok", _("允许")) if row.allowed else state("late", _("拒绝"))


def _detail(row: AuditEntry) -> str:
    return json.dumps(row.detail, ensure_ascii=False, sort_keys=True) if row.detail else ""


def _search(rows: QuerySet[AuditEntry], text: str) -> QuerySet[AuditEntry]:
    return narrow(rows, Search(text=text))


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The trail with search and filters; looking at it is itself recorded."""
    actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    rows = trail(actor)
    page = ListPage(
        title=_("审计记录"),
        subtitle=_("共 %(count)s 条，只增不改；您的每次查阅也会记下。") % {"count": f"{trail_size(actor):,}"},
        columns=_columns(),
        rows=rows,
        search=_search,
        search_hint=_("对象或理由（不选日期时查最近 %(days)d 天）") % {"days": TEXT_DAYS},
        filters=TrailFilters,
        empty=Empty(_("还没有审计记录"), _("登录、查看档案、修改数据等操作发生后会自动记在这里。")),
        export_name=_("审计记录"),
        on_export=lambda count: record(
            actor, EXPORT, object_type="audit.trail", detail={"count": count, "asked": request.GET.urlencode()}
        ),
        template="oversight/log.html",
    )
    response = render_list(request, page)
    if request.GET.get("export") != "xlsx":
        record(actor, Capability.VIEW, object_type="audit.trail", detail={"asked": request.GET.urlencode()})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def chain(request: HttpRequest) -> HttpResponse:
    """The proof of the chain: the last ones, and a button for another."""
    actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    size = trail_size(actor)
    form = CodesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        known = form.cleaned_data["codes"]
        if size > AT_ONCE:
            enqueue(VERIFY, asked_by=actor.name, known={str(seq): code for seq, code in known.items()})
            messages.info(request, _("记录较多，已在后台开始核验。完成后结果会出现在本页，您可以离开。"))
        else:
            chain_verify(actor=actor, known=known)
        return redirect("oversight:chain")
    last = last_proof(actor)
    context = {"size": size, "form": form, "last": last, "proofs": proofs(actor)}
    return render(request, "oversight/chain.html", context, status=422 if form.is_bound else 200)
