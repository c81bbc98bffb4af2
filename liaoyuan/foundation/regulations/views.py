"""The rule book and the work calendar: pages for everybody who has logged in."""

from calendar import Calendar as Months
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.foundation.regulations.citations import anchor, citations
from liaoyuan.foundation.regulations.selectors import calendar, search
from liaoyuan.kernel import clock

_LONGEST_QUESTION = 60
_FIRST_YEAR, _LAST_YEAR = 2014, 2100


@require_safe
@login_required
def book(request: HttpRequest) -> HttpResponse:
    """Every regulation with its clauses and parameters, searched by words."""
    question = request.GET.get("q", "").replace("\0", "")[:_LONGEST_QUESTION].strip()
    found = search(question, on=clock.today())
    cited = citations()
    for entry in found:
        for row in entry["clauses"]:
            where = (entry["document"].id, row["clause"].number)
            rows = cited.get(where, [])
            row["rules"] = [one for one in rows if not one.screen]
            row["screens"] = [one for one in rows if one.screen]
            row["anchor"] = anchor(*where)
    context = {"q": question, "found": found, "count": sum(len(entry["clauses"]) for entry in found)}
    return render(request, "regulations/book.html", context)


@require_safe
@login_required
def calendar_year(request: HttpRequest, year: int) -> HttpResponse:
    """A year's working days, month by month."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Http404
    days = calendar(year, year)
    months = [
        [
            [(day.day, days.is_workday(day)) if day.month == month else None for day in week]
            for week in Months().monthdatescalendar(year, month)
        ]
        for month in range(1, 13)
    ]
    context = {
        "year": year,
        "months": months,
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "provisional": days.provisional(date(year, 1, 1)),
        "previous": year - 1 if year > _FIRST_YEAR else None,
        "following": year + 1 if year < _LAST_YEAR else None,
    }
    return render(request, "regulations/calendar.html", context)
