"""Data problems in one's subtrees, and the nightly proofs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaoyuan.desk.oversight.selectors.proofs import last_run
from liaoyuan.desk.oversight.selectors.quality import LEVELS, quality

SHOWN = 10


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every check with its worst problems; ``?check=key`` shows all of one."""
    actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    only = request.GET.get("check", "")
    checks = quality(actor, only)
    context = {
        "checks": checks,
        "only": only,
        "shown": 200 if only else SHOWN,
        "total": sum(check.count for check in checks),
        "levels": LEVELS,
        "run": last_run(actor),
    }
    return render(request, "oversight/quality.html", context)
