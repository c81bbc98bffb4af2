"""The frame: menu, theme, watermark, gallery, error pages, undo."""

import json
import re
import struct
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404
from django.template.loader import get_template
from django.test import RequestFactory
from django.urls import reverse
from django.utils.translation import override

from liaoyuan.kernel import clock, registry
from liaoyuan.kernel.http.errors import not_found, server_error
from liaoyuan.kernel.registry import NavItem
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui import context, gallery, views
from liaoyuan.kernel.ui.toasts import offer_undo

User: Any = get_user_model()  # the kernel names no app above it

TEMPLATES = Path(gallery.__file__).parent / "templates" / "ui"


def item(label: str, route: str, group: str, order: int, **more: Any) -> NavItem:
    return NavItem(label, route, "home", group, order, lambda actor: True, **more)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("wang2026", display_name="王青山", must_change_password=False)


@pytest.fixture
def request_of(rf: RequestFactory, user: User) -> Any:
    def _make(path: str = "/_ui/", **cookies: str) -> Any:
        request = rf.get(path)
        request.COOKIES.update(cookies)
        request.user = user
        request.actor = Actor.nobody()  # type: ignore[attr-defined]
        request.session = {}  # type: ignore[assignment]
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        return request

    return _make


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("", "auto"), ('"><x', "auto")])
def test_the_theme_is_in_the_first_byte(request_of: Any, settings: Any, cookie: str, theme: str) -> None:
    settings.DEBUG = True
    html = gallery.gallery(request_of(theme=cookie)).content.decode()
    assert f'data-bs-theme="{theme}"' in html


@pytest.mark.parametrize(
    ("sent", "kept", "target", "goes"),
    [
        ("dark", "dark", "/_ui/?a=1", "/_ui/?a=1"),
        ("neon", "auto", "https://evil.example/", "/"),
        ("light", "light", "//evil.example", "/"),
        ("", "auto", "", "/"),
    ],
)
def test_the_theme_switch_keeps_a_cookie_and_never_leaves_the_site(
    rf: RequestFactory, sent: str, kept: str, target: str, goes: str
) -> None:
    response = views.set_theme(rf.post(reverse("ui:theme"), {"theme": sent, "next": target}))
    assert response.status_code == 302
    assert response["Location"] == goes
    assert response.cookies["theme"].value == kept


def catalogue(path: Path, sentences: dict[str, str]) -> None:
    """Write gettext's binary catalogue of ``sentences``."""
    pairs = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **sentences}.items())
    texts = [text.encode() for pair in zip(*pairs, strict=True) for text in pair]
    at = 28 + 8 * len(texts)
    table = b""
    for text in texts:
        table += struct.pack("<II", len(text), at)
        at += len(text) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    path.parent.mkdir(parents=True)
    path.write_bytes(head + table + b"".join(text + b"\0" for text in texts))


def test_a_page_carries_the_scripts_words_only_in_another_language_than_theirs(
    request_of: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DEBUG = True
    settings.LOCALE_PATHS = [tmp_path]
    catalogue(tmp_path / "en" / "LC_MESSAGES" / "djangojs.mo", {"取消": "Cancel <b>"})
    context.script_words.cache_clear()
    try:
        assert b'id="words"' not in gallery.gallery(request_of()).content
        with override("en"):
            html = gallery.gallery(request_of()).content.decode()
        found = re.search('<script id="words" type="application/json">(.*?)</script>', html)
        assert found
        assert json.loads(found[1]) == {"取消": "Cancel <b>"}
    finally:
        context.script_words.cache_clear()


def test_the_theme_switch_takes_posts_only(rf: RequestFactory) -> None:
    assert views.set_theme(rf.get(reverse("ui:theme"))).status_code == 405


def test_the_watermark_is_name_account_tail_and_time(request_of: Any, settings: Any) -> None:
    settings.DEBUG = True
    with clock.set_to(clock.now().replace(year=2026, month=11, day=22, hour=1, minute=5)):
        html = gallery.gallery(request_of()).content.decode()
    assert "王青山 2026 2026-11-22 09:05" in html
    assert 'class="watermark"' in html


def test_the_watermark_tells_administrators_accounts_apart() -> None:
    marks = [
        context.watermark_for(SimpleNamespace(is_authenticated=True, display_name="管理员", username=name))
        for name in ("sysadmin", "secadmin", "dy001012")
    ]
    assert [mark.split()[1] for mark in marks] == ["sysadmin", "secadmin", "1012"]


def test_a_visitor_has_no_menu_and_no_watermark(rf: RequestFactory) -> None:
    values = context.shell(rf.get("/"))
    assert (values["nav"], values["nav_groups"], values["watermark"]) == ((), (), "")


def test_the_menu_is_in_groups_and_holds_no_dead_link() -> None:
    entries = context.menu(
        [
            item("人", "ui:gallery", "人员", 2),
            item("死", "nobody:knows", "人员", 1),
            item("台", "ui:theme", "工作台", 9),
            item("别", "account_login", "没听说过", 0),
        ],
        "/nowhere/",
    )
    grouped = context.nav_groups(entries)
    assert [(group, [entry.label for entry in found]) for group, found in grouped] == [
        ("工作台", ["台"]),
        ("人员", ["人"]),
        ("没听说过", ["别"]),
    ]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/_ui/", ["page", ""]), ("/_ui/trouble/403/", ["true", ""]), ("/_ui/theme/", ["", "page"]), ("/x/", ["", ""])],
)
def test_the_menu_marks_where_one_is(path: str, current: list[str]) -> None:
    entries = context.menu([item("廊", "ui:gallery", "管理", 1), item("题", "ui:theme", "管理", 2)], path)
    assert [entry.current for entry in entries] == current


def test_the_menu_is_asked_for_once_a_page(request_of: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = True
    asked: list[Actor] = []
    monkeypatch.setattr(registry, "nav_for", lambda actor: asked.append(actor) or [item("廊", "ui:gallery", "管理", 1)])
    gallery.gallery(request_of())
    assert len(asked) == 1


def test_the_gallery_shows_every_component(request_of: Any, settings: Any) -> None:
    settings.DEBUG = True
    html = gallery.gallery(request_of()).content.decode()
    for mark in (
        "chip-person",
        "state-late",
        "empty-title",
        "ly-form",
        "confirm-title",
        "pager-link",
        "work-step",
        "stepline-item",
        "event-title",
        "stat-value",
        "nav-tabs",
        "filter-chip",
        "field-error",
        "notice-list",
    ):
        assert mark in html, mark


def test_no_page_carries_inline_script_or_style(request_of: Any, settings: Any) -> None:
    settings.DEBUG = True
    html = gallery.gallery(request_of()).content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


@pytest.mark.parametrize("code", ["403", "404", "409", "422"])
def test_error_pages_say_what_is_wrong_and_lead_on(request_of: Any, settings: Any, code: str) -> None:
    settings.DEBUG = True
    response = gallery.trouble(request_of(), code)
    assert response.status_code == int(code)
    assert "data-error-text" in response.content.decode()
    assert 'href="/"' in response.content.decode()


def test_the_gallery_does_not_exist_on_a_real_instance(request_of: Any, settings: Any) -> None:
    assert settings.DEBUG is False
    for view in (lambda: gallery.gallery(request_of()), lambda: gallery.trouble(request_of(), "403")):
        with pytest.raises(Http404):
            view()


def test_an_unknown_trouble_does_not_exist(request_of: Any, settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(Http404):
        gallery.trouble(request_of(), "418")


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.glob("*.html")))
def test_every_template_compiles_and_says_what_it_takes(name: str) -> None:
    get_template(f"ui/{name}")
    first = (TEMPLATES / name).read_text().splitlines()[0]
    assert first.startswith("{#"), f"{name} does not open with a comment on its parameters"


def test_an_undo_is_a_form_with_a_token_and_escaped_words(request_of: Any) -> None:
    request = request_of()
    offer_undo(request, "已把 <林> 移到二支部。", url="/undo/?a=1&b=2", fields={"person": '"1'})
    (message,) = get_messages(request)
    html = str(message)
    assert "&lt;林&gt;" in html
    assert 'action="/undo/?a=1&amp;b=2"' in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert 'name="person" value="&quot;1"' in html


def test_the_watermark_of_nobody_is_empty() -> None:
    assert context.watermark_for(SimpleNamespace(is_authenticated=False)) == ""


def test_an_unknown_address_of_the_api_answers_with_problem_details(rf: RequestFactory) -> None:
    response = not_found(rf.get("/api/v1/nosuch"))
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    body = json.loads(response.content)
    assert (body["type"], body["status"], body["title"]) == ("about:blank", 404, "没有找到")
    assert body["detail"].endswith("。")


def test_the_page_of_a_failure_needs_no_database_and_no_request(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "没有保存任何改动" in response.content.decode()
