"""A list page costs at most four times a bare page with the same rows and one query."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui import parts
from liaoyuan.kernel.ui.lists import Column, ListPage, render_list

User: Any = get_user_model()  # the kernel names no app above it

BARE = engines["django"].from_string(
    "<!doctype html><html><body><table>{% for row in rows %}<tr>"
    "<td>{{ row.username }}</td><td>{{ row.display_name }}</td><td>{{ row.admin_kind }}</td>"
    "<td>{{ row.is_active }}</td>"
    '<td>{{ row.created_at|date:"Y-m-d" }}</td><td>{{ row.pk }}</td></tr>{% endfor %}</table></body></html>'
)
COLUMNS = (
    Column("a", "账号", lambda row: row.username, sort=("username",)),
    Column("b", "姓名", lambda row: row.display_name, sort=("display_name",)),
    Column("c", "类别", lambda row: row.admin_kind),
    Column(
        "d", "启用", lambda row: parts.state("ok" if row.is_active else "muted", "启用" if row.is_active else "停用")
    ),
    Column("e", "建立", lambda row: f"{row.created_at:%Y-%m-%d}"),
    Column("f", "编号", lambda row: str(row.pk)),
)


def _best(work: Callable[[], Any], times: int) -> float:
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found)


@pytest.mark.django_db
def test_fifty_rows_cost_at_most_four_bare_pages(rf: RequestFactory) -> None:
    User.objects.bulk_create(User(username=f"u{n:03}", display_name=f"人员{n}", password="!") for n in range(60))
    viewer = User.objects.get(username="u000")
    page = ListPage(
        title="账号",
        columns=COLUMNS,
        rows=User.objects.all(),
        default_sort="a",
        export_name="账号",
        search=lambda rows, text: rows.filter(username=text),
    )

    def ours() -> HttpResponse:
        request = rf.get("/list/")
        request.user = viewer
        request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
        request.actor = Actor.nobody()  # type: ignore[attr-defined]
        request._messages = []  # type: ignore[attr-defined]
        return render_list(request, page)

    def bare() -> HttpResponse:
        return HttpResponse(BARE.render({"rows": User.objects.order_by("username")[:50]}))

    ours(), bare()
    # Interleaved, best of each: the machine's noise hits both alike.
    ratio = min(_best(ours, 5) / _best(bare, 5) for _ in range(6))
    assert ratio <= 4, ratio
