"""How the system runs, for the system administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.desk.oversight.selectors.proofs import last_run
from liaoyuan.desk.oversight.selectors.system import examination, failures, system
from liaoyuan.desk.oversight.services import proofs_run

FINDINGS = {
    "ok": ("ok", gettext_lazy("正常")),
    "warning": ("soon", gettext_lazy("留意")),
    "error": ("late", gettext_lazy("故障")),
}


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Figures, failed jobs, the last proofs; ``?examine=1`` adds the doctor's findings."""
    actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    found = examination(actor) if request.GET.get("examine") == "1" else None
    context = {
        "system": system(actor),
        "failures": failures(actor),
        "run": last_run(actor),
        "findings": None if found is None else [(*FINDINGS[item.level], item) for item in found],
    }
    return render(request, "oversight/system.html", context)


@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Run every proof now."""
    results = proofs_run(actor=request.actor)  # type: ignore[attr-defined]  # ActorMiddleware
    wrong = [str(proof.label) for proof, result in results if not result.ok]
    if wrong:
        messages.error(request, _("核对发现不一致：%(labels)s。") % {"labels": "、".join(wrong)})
    else:
        messages.success(request, _("%(count)d 项核对全部一致。") % {"count": len(results)})
    return redirect("oversight:system")
