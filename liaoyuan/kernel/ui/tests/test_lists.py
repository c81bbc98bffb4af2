"""Lists: what the address may ask for, and what it gets."""

from io import BytesIO
from typing import Any

import django_filters
import pytest
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails
from openpyxl import load_workbook

from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui import lists, paging, papers, sheets
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.papers import Line

User: Any = get_user_model()  # the kernel names no app above it

pytestmark = pytest.mark.django_db


class Filters(django_filters.FilterSet):
    admin_kind = django_filters.ChoiceFilter(label="类别", choices=[("system", "系统管理员"), ("audit", "审计管理员")])
    created_at = django_filters.DateFilter(label="建立日期", lookup_expr="date")

    class Meta:
        model = User
        fields: list[str] = []


def search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(username__contains=text) | Q(display_name__contains=text))


COLUMNS = (
    Column("account", "账号", lambda user: user.username, sort=("username",)),
    Column("name", "姓名", lambda user: user.display_name, sort=("display_name", "username")),
    Column("kind", "类别", lambda user: user.get_admin_kind_display(), default=False),
    Column("act", "", lambda user: "改", kind="action"),
)


def a_list(**changes: Any) -> ListPage:
    values: dict[str, Any] = {
        "title": "账号",
        "columns": COLUMNS,
        "rows": User.objects.all(),
        "search": search,
        "filters": Filters,
        "default_sort": "account",
        "empty": Empty("还没有账号", "导入花名册后会自动建立。", "/roster/", "去导入"),
        "export_name": "账号",
        "noun": "个",
    }
    return ListPage(**(values | changes))


@pytest.fixture
def viewer() -> User:
    return User.objects.create_user("000zhou", display_name="周查看")


@pytest.fixture
def people(viewer: User) -> list[User]:
    made = User.objects.bulk_create(
        User(username=f"u{number:03}", display_name=f"人员{chr(0x4E00 + number)}", password="!")
        for number in range(120)
    )
    User.objects.filter(username="u007").update(admin_kind="audit")
    return made


@pytest.fixture
def get(rf: RequestFactory, viewer: User) -> Any:
    def _get(address: str = "/list/", page: ListPage | None = None, **headers: str) -> HttpResponse:
        request = rf.get(address, headers=headers)
        request.user = viewer
        request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
        request.actor = Actor.nobody()  # type: ignore[attr-defined]
        request._messages = []  # type: ignore[attr-defined]
        return render_list(request, page or a_list())

    return _get


def body(response: HttpResponse) -> str:
    return response.content.decode()


def accounts(response: HttpResponse) -> list[str]:
    return [part.split("<")[0] for part in body(response).split('<td class="first" data-label="账号">')[1:]]


def sheet(response: Any) -> list[tuple[Any, ...]]:
    content = b"".join(response.streaming_content)
    response.close()
    return list(load_workbook(BytesIO(content)).active.iter_rows())


def test_first_page_shows_fifty_rows_in_the_default_order(get: Any, people: list[User]) -> None:
    assert accounts(get()) == ["000zhou", *[f"u{number:03}" for number in range(49)]]


def test_sort_link_turns_round_and_the_order_is_announced(get: Any, people: list[User]) -> None:
    response = get("/list/?sort=-account&per=20")
    assert accounts(response) == [f"u{number:03}" for number in range(119, 99, -1)]
    assert 'aria-sort="descending"' in body(response)
    assert 'href="?sort=account&amp;per=20"' in body(response) or 'href="?per=20"' in body(response)


@pytest.mark.parametrize(
    "hostile",
    [
        "sort=password",
        "sort=-password",
        "sort=user__password",
        "sort=--account",
        "sort=?",
        "sort=",
        "sort=act",
        "per=99999999",
        "per=-1",
        "per=abc",
        "per=5.5",
        "per=%00",
        "per=２０",
        "page=-1",
        "page=0",
        "page=abc",
        "page=1e9",
        "page=%00",
        "page=" + "9" * 5000,
        "cols=password",
        "cols=",
        "cols=,,,",
        "cols=%00",
        "export=csv",
        "export=",
        "page=1&page=x",
    ],
)
def test_what_makes_no_sense_falls_back_to_the_default(get: Any, people: list[User], hostile: str) -> None:
    response = get(f"/list/?{hostile}")
    assert response.status_code == 200
    assert accounts(response)[0] == "000zhou" or "page=9" in hostile
    assert len(accounts(response)) in {20, 50, 21}
    assert "argon2" not in body(response)


def test_a_page_past_the_end_shows_the_last_page(get: Any, people: list[User]) -> None:
    assert accounts(get("/list/?page=77"))[-1] == "u119"


def test_search_narrows_and_says_so(get: Any, people: list[User]) -> None:
    response = get("/list/?q=u00")
    assert accounts(response) == [f"u00{number}" for number in range(10)]
    assert "filter-chip" in body(response)


@pytest.mark.parametrize("text", ["%00u007", "u007%00", " u007 "])
def test_search_text_is_cleaned(get: Any, people: list[User], text: str) -> None:
    assert accounts(get(f"/list/?q={text}")) == ["u007"]


def test_search_text_is_escaped(get: Any, people: list[User]) -> None:
    response = get("/list/?q=%3Cscript%3E%22'")
    assert "<script>&" not in body(response)
    assert "&lt;script&gt;" in body(response)
    assert "没有符合条件的内容" in body(response)


def test_filter_narrows_and_its_chip_takes_it_away(get: Any, people: list[User]) -> None:
    response = get("/list/?admin_kind=audit&sort=-name&page=1")
    assert accounts(response) == ["u007"]
    assert "审计管理员" in body(response)
    assert 'href="?sort=-name"' in body(response)


@pytest.mark.parametrize("bad", ["admin_kind=root", "created_at=2026-13-45", "created_at=%00x"])
def test_a_filter_that_makes_no_sense_shows_nothing_rather_than_everything(
    get: Any, people: list[User], bad: str
) -> None:
    response = get(f"/list/?{bad}")
    assert accounts(response) == []
    assert "筛选条件有误" in body(response)


def test_a_filter_at_its_default_is_no_condition(get: Any, people: list[User]) -> None:
    class WithDefault(Filters):
        active = django_filters.ChoiceFilter(
            label="启用", field_name="is_active", choices=[("True", "启用"), ("False", "停用")], initial="True"
        )

    page = a_list(filters=WithDefault)
    response = get("/list/?active=True&q=u00", page, **{"HX-Request": "true", "HX-Target": "list"})
    assert response["HX-Push-Url"] == "/list/?q=u00"
    assert "启用</a>" not in body(response)
    other = get("/list/?active=False", page, **{"HX-Request": "true", "HX-Target": "list"})
    assert other["HX-Push-Url"] == "/list/?active=False"
    assert "停用" in body(other)


def test_columns_are_chosen_in_the_lists_own_order(get: Any, people: list[User]) -> None:
    for address in ("/list/?cols=kind,account", "/list/?cols=kind&cols=account"):
        response = get(address)
        head = body(response).split("<thead")[1].split("</thead>")[0]
        assert head.index("账号") < head.index("类别")
        assert "姓名" not in head


def test_an_empty_list_says_why_and_offers_the_next_step(get: Any, viewer: User) -> None:
    response = get(page=a_list(rows=User.objects.none()))
    assert "还没有账号" in body(response)
    assert 'href="/roster/"' in body(response)


def test_head_actions_are_shown(get: Any, viewer: User) -> None:
    response = get(page=a_list(actions=[Action("新建账号", "/new/", "plus", primary=True)]))
    assert '<a class="btn btn-primary" href="/new/">' in body(response)


def test_htmx_gets_the_part_only_and_a_tidy_address(get: Any, people: list[User]) -> None:
    response = get(
        "/list/?q=u00&sort=account&per=50&cols=account&cols=name&cols=act&admin_kind=",
        **{"HX-Request": "true", "HX-Target": "list"},
    )
    assert "<html" not in body(response)
    assert body(response).lstrip().startswith('<div id="list"')
    assert response["HX-Push-Url"] == "/list/?q=u00"
    assert "HX-Request" in response["Vary"]


def test_history_and_other_targets_get_the_whole_page(get: Any, people: list[User]) -> None:
    assert "<html" in body(get(**{"HX-Request": "true", "HX-Target": "other"}))
    assert "<html" in body(get(**{"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"}))


def test_the_page_and_the_fragment_show_the_same_rows(get: Any, people: list[User]) -> None:
    part = body(get("/list/?q=u01", **{"HX-Request": "true", "HX-Target": "list"}))
    assert part.strip() in body(get("/list/?q=u01"))


def test_export_holds_every_row_shown_and_is_audited(get: Any, people: list[User]) -> None:
    counted: list[int] = []
    response = get("/list/?q=u0&export=xlsx&cols=account,name,act&per=20", a_list(on_export=counted.append))
    rows = sheet(response)
    assert [cell.value for cell in rows[0]] == ["账号", "姓名"]
    assert len(rows) == 101
    assert counted == [100]
    assert response["Content-Disposition"].endswith(".xlsx")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x","y")'])
def test_no_cell_of_an_export_is_a_formula(get: Any, viewer: User, text: str) -> None:
    User.objects.create_user("u1", display_name=text)
    rows = sheet(get("/list/?q=u1&export=xlsx"))
    assert rows[1][1].data_type == "s"
    assert rows[1][1].value == text.strip()


def test_a_list_is_drawn_on_paper_where_it_offers_that(
    get: Any, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    drawn: list[str] = []
    draw = papers.draw
    monkeypatch.setattr(papers, "draw", lambda html: drawn.append(html) or draw(html))
    address = "/list/?q=u00&export=pdf"
    told = a_list(paper=lambda user: Line("账号们", user.username, user.display_name), on_export=counted.append)
    response = get(address, told)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert counted == [10]
    assert (drawn[0].count('class="line"'), drawn[0].count("<h2>")) == (10, 1)
    assert "u007" in drawn[0]
    assert "周查看 000zhou" in drawn[0]
    assert "导出 PDF" in body(get("/list/", told))
    assert get(address)["Content-Type"].startswith("text/html")
    assert "导出 PDF" not in body(get("/list/"))


def test_a_paper_ends_where_nobody_would_print_it(
    get: Any, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers, "PAPER_LIMIT", 100)
    with pytest.raises(DomainError, match="导出 xlsx"):
        get("/list/?export=pdf", a_list(paper=lambda user: Line("", "", user.username)))


def test_a_paper_fetches_nothing() -> None:
    with pytest.raises(ValueError, match="names no address"):
        papers._nothing("http://10.0.0.1/x.png")


def test_an_export_without_a_name_is_not_offered(get: Any, people: list[User]) -> None:
    response = get("/list/?export=xlsx", a_list(export_name=""))
    assert response["Content-Type"].startswith("text/html")
    assert "导出" not in body(response)


def test_a_refused_export_leaves_nothing_behind(get: Any, people: list[User]) -> None:
    def refuse(count: int) -> None:
        raise DomainError("不行")

    with pytest.raises(DomainError):
        get("/list/?export=xlsx", a_list(on_export=refuse))


def test_an_export_beyond_the_limit_is_refused_with_advice(
    get: Any, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "EXPORT_LIMIT", 100)
    with pytest.raises(DomainError, match="请先用筛选缩小范围"):
        get("/list/?export=xlsx")


def test_export_cleans_control_characters_markup_and_length() -> None:
    from django.utils.html import format_html

    target = BytesIO()
    lines = [["a\x01b", format_html("<b>{}</b>", "甲&乙"), "长" * 40_000, None, True, 3, 2.5]]
    assert sheets.write_sheet(target, title="x/y", heads=list("一二三四五六七"), lines=lines, mark="王 & 0001") == 1
    book = load_workbook(target)
    values = [cell.value for cell in list(book.active.iter_rows())[1]]
    assert values == ["ab", "甲&乙", "长" * 32_767, None, "是", 3, 2.5]
    assert book.active.oddHeader.center.text == "王 && 0001"


def test_cells_are_escaped_and_safe_strings_are_not() -> None:
    from django.utils.html import format_html

    columns = [
        Column("a", '列"', lambda row: "<b>"),
        Column("b", "乙", lambda row: format_html("<i>{}</i>", "<")),
        Column("c", "丙", lambda row: None, kind="number"),
    ]
    assert lists.rows_html([1], columns) == (
        '<tr><td class="first" data-label="列&quot;">&lt;b&gt;</td><td data-label="乙"><i>&lt;</i></td>'
        '<td class="blank number" data-label="丙"><span class="nothing">—</span></td></tr>'
    )


def test_queries_do_not_grow_with_the_rows(get: Any, people: list[User], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        get("/list/?per=20")
    with django_assert_num_queries(2):
        get("/list/?per=100")
    with django_assert_num_queries(1):
        get("/list/?per=200")


def test_the_count_stops_at_the_cap(people: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 60)
    page = paging.paginate(User.objects.order_by("username"), number=1, per=20)
    assert (page.total, page.exact, page.has_next, page.pages) == (60, False, True, 0)
    assert page.numbers == [1, 2, None]
    assert paging.paginate(User.objects.order_by("username"), number=50, per=20).number == 1


def test_page_numbers_show_the_ends_and_the_neighbours() -> None:
    page = paging.Paging(rows=[1], number=10, per=50, total=960, exact=True, has_next=True)
    assert page.numbers == [1, None, 9, 10, 11, None, 20]
    assert (page.first, page.last, page.previous, page.next) == (451, 451, 9, 11)
