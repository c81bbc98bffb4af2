"""The demonstration: loaded once, alive on any day, a log-in for everybody."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client

import liaoyuan
from liaoyuan.desk.demo import brigade, commands, services
from liaoyuan.desk.demo.services import loading
from liaoyuan.desk.demo.services.personas import PASSWORD, PERSONAS
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import BACKEND, PersonFactory
from liaoyuan.organisation.roster.checking import check_workbook
from liaoyuan.organisation.roster.tests.factories import known
from liaoyuan.organisation.units.services import tree_problems
from liaoyuan.organisation.whereabouts.models import CheckIn, Posting, Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_differences

SHIPPED = Path(liaoyuan.__file__).parent / "desk" / "demo" / "data" / "brigade.xlsx"


def _cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in openpyxl.load_workbook(path)}


def test_the_generator_makes_the_shipped_workbook_cell_by_cell(tmp_path: Path) -> None:
    """Not byte by byte: openpyxl writes its XML otherwise where lxml is installed."""
    brigade.write(tmp_path / "brigade.xlsx")
    assert _cells(tmp_path / "brigade.xlsx") == _cells(SHIPPED)


@pytest.mark.parametrize("today", [date(2027, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2030, 8, 31)])
def test_the_brigade_is_without_problems_on_any_day(tmp_path: Path, today: date) -> None:
    brigade.write(tmp_path / "brigade.xlsx", members=300, reference=today)
    assert check_workbook(tmp_path / "brigade.xlsx", known(), today=today).problems == []


@pytest.mark.django_db
def test_loading_makes_log_ins_for_every_persona_and_a_second_load_changes_nothing(settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"demo": True})
    with clock.set_to(date(2027, 3, 15)):
        logins = commands.load(members=1260, say=str)
        assert len(logins) == len(PERSONAS) + 3 == 11
        assert Person.objects.unscoped("test").count() == 1260
        for login in logins:
            user = User.objects.get(username=login.username)
            assert user.check_password(PASSWORD)
            assert not user.must_change_password
        titles = " ".join(login.title for login in logins)
        assert all(persona.title in titles for persona in PERSONAS)
        clerk = actor_for(User.objects.get(username=logins[5].username), via="web")
        assert clerk.holds("roster.import")
        assert not actor_for(User.objects.get(username=logins[0].username), via="web").holds("members.view_file")
        assert Posting.objects.unscoped("test").filter(ended_on__isnull=True, since__lte=clock.today()).exists()
        assert set(Presence.objects.unscoped("test").values_list("kind", flat=True)) == {"checkin", "posting", "home"}
        assert tree_problems() == []
        assert presence_differences() == (1260, 0)
        before = (Person.objects.unscoped("test").count(), User.objects.count(), CheckIn.objects.count())
        assert commands.load(say=str) == []
        commands.load_if_empty(say=str)
        assert (Person.objects.unscoped("test").count(), User.objects.count(), CheckIn.objects.count()) == before
        lines = commands.login_lines()
        assert any(PASSWORD in line and "组织干事" in line for line in lines)
        assert services.beat() > 0
        assert CheckIn.objects.count() > before[2]
        client = Client()
        client.force_login(User.objects.get(username=logins[0].username), backend=BACKEND)
        assert client.get("/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["prepare", "record"])
def test_a_load_that_was_interrupted_is_finished_by_the_next_start(
    settings: Any, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"demo": True})
    with monkeypatch.context() as stopped:

        def stop(*args: Any, **kwargs: Any) -> None:
            raise KeyboardInterrupt

        stopped.setattr(loading, step, stop)
        with pytest.raises(KeyboardInterrupt):
            commands.load_if_empty(say=str)
    assert Person.objects.unscoped("test").count() == 1260
    assert (services.loaded(), services.unfinished()) == (False, True)
    assert not CheckIn.objects.exists()
    assert not User.objects.filter(username="sysadmin").exists()
    said: list[str] = []
    commands.load_if_empty(say=said.append)
    assert said[0] == "接着上次没有完成的装载…"
    assert (services.loaded(), services.unfinished()) == (True, False)
    assert Person.objects.unscoped("test").count() == 1260
    assert CheckIn.objects.exists()
    lines = commands.login_lines()
    assert sum(PASSWORD in line for line in lines) == len(PERSONAS) + 3
    assert commands.load(say=str) == []


@pytest.mark.django_db
def test_a_roster_of_somebody_else_is_no_unfinished_demonstration() -> None:
    PersonFactory()
    record(Actor.system("花名册导入"), "roster.import", object_type="roster", object_label="演示旅")
    commands.load_if_empty(say=str)
    assert (services.loaded(), services.unfinished()) == (False, False)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_never_mixes_with_real_people() -> None:
    PersonFactory()
    with pytest.raises(Conflict):
        commands.load(say=str)
    commands.load_if_empty(say=str)
    assert Person.objects.unscoped("test").count() == 1


@pytest.mark.django_db
def test_the_heart_beats_in_demo_mode_only() -> None:
    assert services.beat() == 0
    assert CheckIn.objects.count() == 0
