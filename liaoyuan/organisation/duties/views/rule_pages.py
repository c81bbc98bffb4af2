"""The rules: what each asks and why, how it goes, and who would be reminded on any day."""

from datetime import date, timedelta
from itertools import groupby

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.duties.policies import can_see_board
from liaoyuan.organisation.duties.rules.closing import FEW, FEW_FOR_TAIL
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.rules.families import FAMILIES
from liaoyuan.organisation.duties.selectors.dryrun import MOST, DryRun, dry_run
from liaoyuan.organisation.duties.selectors.rows import rule_or_none
from liaoyuan.organisation.duties.selectors.rulebook import LOOKED_BACK, rule_lines, rule_page
from liaoyuan.organisation.duties.views.tabs import tabs

FIRST = date(2014, 1, 1)
AHEAD = timedelta(days=731)


class DryRunForm(forms.Form):
    """A day to look at."""

    on = DayField(label=gettext_lazy("哪一天"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        last = clock.today() + AHEAD
        self.fields["on"].widget.attrs.update({"min": FIRST.isoformat(), "max": last.isoformat()})

    def clean_on(self) -> date:
        """Between the first text we know and two years ahead."""
        on: date = self.cleaned_data["on"]
        last = clock.today() + AHEAD
        if not FIRST <= on <= last:
            raise forms.ValidationError(
                _("请选 %(first)s 至 %(last)s 之间的一天。"), params={"first": FIRST, "last": last}
            )
        return on


@login_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, by family."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    order = list(FAMILIES.values())
    lines = sorted(rule_lines(actor), key=lambda line: order.index(line.family) if line.family in order else len(order))
    groups = [(family, list(rows)) for family, rows in groupby(lines, key=lambda line: line.family)]
    context = {"groups": groups, "counted": bool(can_see_board(actor)), "total": len(lines), "days": LOOKED_BACK,
               "tabs": tabs(actor, "duties:rules")}  # fmt: skip
    return render(request, "duties/rules.html", context)


@login_required
@require_safe
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule; with ``?on=`` a dry run."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = rule_or_none(rule_id)
    if found is None:
        raise NotInScope()
    may_run = bool(can_see_board(actor))
    form = DryRunForm(request.GET if may_run and "on" in request.GET else None, initial={"on": clock.today()})
    run = _run(actor, found, form) if may_run else None
    context = {
        "page": rule_page(actor, found),
        "form": form,
        "may_run": may_run,
        "run": run,
        "most": MOST,
        "days": LOOKED_BACK,
        "few": FEW,
        "few_for_tail": FEW_FOR_TAIL,
    }
    return render(request, "duties/rule.html", context, status=422 if form.errors else 200)


def _run(actor: Actor, found: DutyRule, form: DryRunForm) -> DryRun | None:
    return dry_run(actor, found, form.cleaned_data["on"]) if form.is_bound and form.is_valid() else None
