"""Every list of the product: search, filters, sort, column choice, page size, paging, export, from one description.

An app describes a list with ``ListPage`` and answers with ``render_list``. Everything lives in the address
(``q``, the filters' names, ``sort``, ``cols``, ``per``, ``page``, ``export`` as xlsx or pdf), works without JavaScript,
and is served as a fragment to htmx from the same template part. Rows are joined in Python: 50 rows × 10 columns cost
about what the bare query costs (measured in ``tests/test_lists_speed.py``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from liaoyuan.kernel.ui.filters import ActiveFilter, active_filters, is_default
from liaoyuan.kernel.ui.paging import Paging, page_number, paginate
from liaoyuan.kernel.ui.papers import Line, export_paper
from liaoyuan.kernel.ui.sheets import export_rows

PER_CHOICES = (20, 50, 100, 200)
QUERY_LIMIT = 100  # characters of a search text that count
_RESERVED = frozenset({"q", "sort", "cols", "per", "page", "export"})

Cell = Callable[[Any], object]
SortField = str | OrderBy


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``cell(row)`` gives text (escaped here) or a SafeString; ``sort`` the fields to order by, () for not
    sortable; ``export(row)`` the value for a spreadsheet (default: the cell's text). ``kind`` is "", "short" (never
    broken), "number" (right, tabular figures), "date" or "action" (buttons; never exported). ``default=False`` shows it
    only when chosen. ``joins`` are the relations it reads: joined where it is shown, and not paid for elsewhere."""

    key: str
    label: str
    cell: Cell
    sort: tuple[SortField, ...] = ()
    default: bool = True
    export: Cell | None = None
    kind: str = ""
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Empty:
    """Why the list is empty and the next step (``url`` with ``action`` as its words)."""

    title: str
    hint: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the page's head. At most one is ``primary``."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False


Search = Callable[[QuerySet[Any], str], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list. ``rows`` is already scoped to the actor and carries the joins that no column names. ``default_sort`` is a
    column key with an optional "-", or "" for the queryset's own order. ``noun`` counts the rows (人, 条, 个).
    ``on_export(count)`` is called before an export leaves (the audit entry). ``paper(row)`` tells a row on paper and so
    offers a PDF. ``row_class(row)`` marks rows (e.g. "row-muted")."""

    title: str
    columns: Sequence[Column]
    rows: QuerySet[Any]
    search: Search | None = None
    filters: type[django_filters.FilterSet] | None = None
    default_sort: str = ""
    empty: Empty = field(default_factory=lambda: Empty(_("这里还没有内容")))
    export_name: str = ""
    on_export: Callable[[int], None] | None = None
    paper: Callable[[Any], Line] | None = None
    actions: Sequence[Action] = ()
    template: str = "ui/list.html"
    subtitle: str = ""
    search_hint: str = ""
    noun: str = "条"
    per: int = 50
    row_class: Callable[[Any], str] | None = None

    @property
    def searchable(self) -> bool:
        """Whether there is a search box (a template would call ``search`` itself)."""
        return self.search is not None

    @property
    def printable(self) -> bool:
        """Whether there is a PDF of it."""
        return self.paper is not None


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: ``sort`` is what its link sets; ``direction`` is "", "ascending" or "descending"."""

    key: str
    label: str
    kind: str
    sort: str
    direction: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A column in the column menu."""

    key: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class View:
    """What the address asks for, cleaned: nothing in here can be anything but what the list declares."""

    q: str
    sort: str
    per: int
    number: int
    columns: tuple[Column, ...]

    @classmethod
    def read(cls, params: QueryDict, page: ListPage) -> "View":
        """Read the address. What makes no sense falls back to the default; nothing raises."""
        sortable = {column.key for column in page.columns if column.sort}
        sort = params.get("sort", "")
        if sort.removeprefix("-") not in sortable:
            sort = page.default_sort
        per_text = params.get("per", "")
        per = int(per_text) if per_text in {str(choice) for choice in PER_CHOICES} else page.per
        wanted = {key for value in params.getlist("cols") for key in value.split(",")}
        chosen = tuple(column for column in page.columns if column.key in wanted)
        return cls(
            q=params.get("q", "").replace("\x00", "").strip()[:QUERY_LIMIT],
            sort=sort,
            per=per,
            number=page_number(params.get("page", "")),
            columns=chosen or tuple(column for column in page.columns if column.default),
        )


def render_list(request: HttpRequest, page: ListPage, **context: object) -> HttpResponse:
    """The list's page, its fragment for htmx, or its export. ``context`` goes to the template as well."""
    view = View.read(request.GET, page)
    rows, filterset = _matching(request, page, view)
    wanted = request.GET.get("export")
    if page.export_name and (wanted == "xlsx" or (wanted == "pdf" and page.printable)):
        return _export(request, page, view, rows)
    params = _tidy(request.GET, page, view, filterset)
    paging = paginate(rows, number=view.number, per=view.per)
    active = active_filters(filterset) if filterset is not None else []
    htmx: Any = getattr(request, "htmx", None)  # set by django_htmx's middleware
    fragment = bool(htmx) and htmx.target == "list" and not htmx.history_restore_request
    values = {
        **context,
        "list": page,
        "view": view,
        "paging": paging,
        "rows_html": rows_html(paging.rows, view.columns, page.row_class),
        "heads": _heads(view),
        "choices": [Choice(column.key, column.label, column in view.columns) for column in page.columns],
        "params": params,
        "per_choices": sorted({*PER_CHOICES, page.per}),
        "filterset": filterset,
        "active_filters": active,
        "filter_errors": bool(filterset is not None and filterset.is_bound and not filterset.form.is_valid()),
        "narrowed": bool(view.q or active),
        "fragment": fragment,
    }
    response = render(request, "ui/_list.html" if fragment else page.template, values)
    if fragment:
        response["HX-Push-Url"] = f"{request.path}?{params.urlencode()}" if params else request.path
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def rows_html(
    rows: Iterable[Any], columns: Sequence[Column], row_class: Callable[[Any], str] | None = None
) -> SafeString:
    """The table's body. One pass, no template: this is the hot loop of every list."""
    plan = [
        (
            _opening(column, "first" if index == 0 else ""),
            _opening(column, "first" if index == 0 else "blank"),
            column.cell,
        )
        for index, column in enumerate(columns)
    ]
    parts: list[str] = []
    add = parts.append
    for row in rows:
        marked = row_class(row) if row_class else ""
        add(f'<tr class="{escape(marked)}">' if marked else "<tr>")
        for opening, opening_blank, cell in plan:
            value = cell(row)
            if value is None or value == "":
                add(f'{opening_blank}<span class="nothing">—</span></td>')
            elif hasattr(value, "__html__"):
                add(f"{opening}{value.__html__()}</td>")
            else:
                add(f"{opening}{escape(str(value))}</td>")
        add("</tr>")
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped or a SafeString


def _opening(column: Column, mark: str) -> str:
    classes = " ".join(name for name in (mark, column.kind) if name)
    attribute = f' class="{escape(classes)}"' if classes else ""
    return f'<td{attribute} data-label="{escape(column.label)}">'


def _matching(
    request: HttpRequest, page: ListPage, view: View
) -> tuple[QuerySet[Any], django_filters.FilterSet | None]:
    """The rows the address asks for, ordered. A filter that makes no sense shows nothing rather than everything."""
    rows = page.rows
    filterset = None
    if page.filters is not None:
        filterset = page.filters(data=_filter_data(request.GET), queryset=rows, request=request)
        rows = filterset.qs if filterset.is_valid() else rows.none()
    if view.q and page.search is not None:
        rows = page.search(rows, view.q)
    joins = [name for column in view.columns for name in column.joins]
    return _ordered(rows.select_related(*joins) if joins else rows, page, view.sort), filterset


def _tidy(given: QueryDict, page: ListPage, view: View, filterset: django_filters.FilterSet | None) -> QueryDict:
    """The address worth keeping: without empty values and without what is the default anyway."""
    params = QueryDict(mutable=True)
    for name in given:
        values = [value for value in given.getlist(name) if value]
        form_field = filterset.form.fields.get(name) if filterset is not None else None
        usual = form_field is not None and len(values) == 1 and is_default(form_field, values[0])
        if values and not usual and name not in _RESERVED:
            params.setlist(name, values)
    defaults = tuple(column for column in page.columns if column.default)
    for name, value, default in (
        ("q", view.q, ""),
        ("sort", view.sort, page.default_sort),
        ("cols", ",".join(column.key for column in view.columns), ",".join(column.key for column in defaults)),
        ("per", str(view.per), str(page.per)),
        ("page", str(view.number), "1"),
    ):
        if value != default:
            params[name] = value
    return params


def _filter_data(params: QueryDict) -> Mapping[str, Any]:
    """The address without the list's own parameters, and without NUL characters (PostgreSQL refuses them)."""
    data = params.copy()
    for name in list(data):
        if name in _RESERVED:
            del data[name]
        else:
            data.setlist(name, [value.replace("\x00", "") for value in data.getlist(name)])
    return data


def _ordered(rows: QuerySet[Any], page: ListPage, sort: str) -> QuerySet[Any]:
    key = sort.removeprefix("-")
    fields = next((column.sort for column in page.columns if column.key == key), ())
    if not fields:
        return rows if rows.query.order_by else rows.order_by("pk")
    if sort.startswith("-"):
        fields = tuple(_reversed(item) for item in fields)
    return rows.order_by(*fields, "pk")


def _reversed(item: SortField) -> SortField:
    if isinstance(item, str):
        return item.removeprefix("-") if item.startswith("-") else f"-{item}"
    copy = item.copy()
    copy.reverse_ordering()
    return copy


def _heads(view: View) -> list[Head]:
    heads = []
    for column in view.columns:
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(view.sort, "")
        target = (f"-{column.key}" if direction == "ascending" else column.key) if column.sort else ""
        heads.append(Head(column.key, column.label, column.kind, target, direction))
    return heads


def _export(request: HttpRequest, page: ListPage, view: View, rows: QuerySet[Any]) -> HttpResponse:
    if request.GET.get("export") == "pdf" and page.paper is not None:
        return export_paper(
            request,
            name=page.export_name,
            subtitle=page.subtitle,
            line=page.paper,
            rows=rows,
            on_export=page.on_export,
        )
    columns = [column for column in view.columns if column.kind != "action"]
    answer = export_rows(
        request,
        name=page.export_name,
        heads=[column.label for column in columns],
        values=[column.export or column.cell for column in columns],
        rows=rows,
        on_export=page.on_export,
    )
    return cast(HttpResponse, answer)  # a FileResponse: what views and middleware need of a response, it has


__all__ = ["Action", "ActiveFilter", "Column", "Empty", "ListPage", "Paging", "render_list", "rows_html"]
