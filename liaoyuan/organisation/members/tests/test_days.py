"""No act on a person bears a day that cannot be meant, or one before he was born."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.members.models import Membership, Person, Standing, Tenure
from liaoyuan.organisation.members.rules.admission import AdmissionDates
from liaoyuan.organisation.members.rules.fields import PersonData, day_problem
from liaoyuan.organisation.members.services import (
    membership_attach,
    membership_move,
    person_create,
    person_update,
    standing_change,
    tenure_begin,
)
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, UnitFactory, load_post, two_branches

pytestmark = pytest.mark.django_db
TODAY, BORN = date(2026, 11, 22), date(2000, 5, 1)
DATA = PersonData(name="新来者", sex="1", ethnicity="01", birth_date=BORN)
INCONCEIVABLE = (date.min, date(26, 11, 24), date(1899, 12, 31))


@pytest.fixture(autouse=True)
def _today():
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house() -> House:
    return two_branches()


@pytest.mark.parametrize(
    ("day", "birth", "words"),
    [
        (date(1899, 12, 31), None, "日期 1899-12-31 不可能是实际日期，请核对年份，年份写全四位。"),
        (date(26, 11, 24), BORN, "日期 0026-11-24 不可能是实际日期，请核对年份，年份写全四位。"),
        (date(2101, 1, 1), BORN, "日期 2101-01-01 不可能是实际日期，请核对年份，年份写全四位。"),
        (date(2000, 4, 30), BORN, "日期 2000-04-30 早于出生日期 2000-05-01，请核对两个日期。"),
        (date(1900, 1, 1), None, ""),
        (date(2100, 12, 31), None, ""),
        (BORN, BORN, ""),
    ],
)
def test_a_day_of_somebody_s_life(day: date, birth: date | None, words: str) -> None:
    assert day_problem(day, birth=birth) == words


@pytest.mark.parametrize("since", [*INCONCEIVABLE, date(2000, 4, 30)])
def test_nobody_is_taken_in_on_a_day_that_cannot_be(house: House, since: date) -> None:
    unit = UnitFactory(parent=house.battalion_a, founded_on=None)  # nothing else bounds the day
    with pytest.raises(DomainError) as refused:
        person_create(actor=house.actor("organisation_clerk"), number="N-1", data=DATA, unit=unit, since=since)
    assert refused.value.field == "since"
    assert not Person.objects.unscoped("test").filter(number="N-1").exists()


def test_who_is_taken_in_on_his_birthday_is_taken_in(house: House) -> None:
    unit = UnitFactory(parent=house.battalion_a, founded_on=None)
    person = person_create(actor=house.actor("organisation_clerk"), number="N-1", data=DATA, unit=unit, since=BORN)
    assert person.memberships.get().since == BORN


def test_the_days_of_admission_are_bounded_too(house: House) -> None:
    with pytest.raises(DomainError, match="0022-01-01") as refused:
        person_create(
            actor=house.actor("organisation_clerk"),
            number="N-1",
            data=DATA,
            unit=house.branch_a,
            since=TODAY,
            standing="activist",
            dates=AdmissionDates(None, date(22, 1, 1)),
        )
    assert refused.value.field == "activist_on"


@pytest.mark.parametrize("on", [*INCONCEIVABLE, date(2000, 4, 30)])
def test_no_act_bears_such_a_day(house: House, on: date) -> None:
    clerk = house.actor("organisation_clerk")
    person = PersonFactory(unit=house.branch_a, standing="masses", birth_date=BORN)
    person.standings.update(since=None)  # an unknown beginning bounds nothing
    old = UnitFactory(parent=house.battalion_b, founded_on=None)
    post = load_post("committee_member")
    acts = (
        ("on", lambda: membership_move(actor=clerk, person=person, to_unit=old, on=on, reason="调动")),
        ("since", lambda: membership_attach(actor=clerk, person=person, unit=old, since=on, reason="借调")),
        ("on", lambda: standing_change(actor=clerk, person=person, kind="league_member", on=on, basis="会议")),
        ("since", lambda: tenure_begin(actor=clerk, person=person, unit=house.branch_a, post=post, since=on)),
    )
    for field, act in acts:
        with pytest.raises(DomainError, match=on.isoformat()) as refused:
            act()
        assert refused.value.field == field
    assert Membership.objects.filter(person=person).count() == Standing.objects.filter(person=person).count() == 1
    assert not Tenure.objects.filter(person=person).exists()


def test_a_post_has_a_last_day_that_can_be(house: House) -> None:
    person, post = house.people["plain_a"], load_post("organisation_officer")
    with pytest.raises(DomainError, match="9999-12-31") as refused:
        tenure_begin(
            actor=house.actor("organisation_clerk"),
            person=person,
            unit=house.branch_a,
            post=post,
            since=TODAY,
            until=date.max,
        )
    assert refused.value.field == "until"
    assert not person.tenures.exists()


def test_a_birth_date_is_not_corrected_past_the_first_day_in_a_branch(house: House) -> None:
    person = PersonFactory(unit=house.branch_a, since=date(2020, 1, 1), birth_date=BORN)
    values = {"actor": house.actor("branch_secretary"), "person": person, "expected": None}
    late = PersonData(name=person.name, sex="1", ethnicity="01", birth_date=date(2020, 1, 2))
    with pytest.raises(DomainError, match="晚于最早的编入日期 2020-01-01") as refused:
        person_update(data=late, **values)
    assert refused.value.field == "birth_date"
    person_update(data=PersonData(name=person.name, sex="1", ethnicity="01", birth_date=date(2020, 1, 1)), **values)
    assert Person.objects.unscoped("test").get(pk=person.pk).birth_date == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"since": "0001-01-01"}, "since"),
        ({"since": "0026-11-24"}, "since"),
        ({"birth_date": "9999-12-31"}, "birth_date"),
        ({"standing": "full", "accepted_on": "9999-12-31", "full_on": "9999-12-31"}, "full_on"),
    ],
)
def test_the_page_says_so_at_the_field(house: House, client: Client, changed: dict[str, str], field: str) -> None:
    house.login(client, "organisation_clerk")
    values = {"number": "N-1", "name": "新来者", "sex": "1", "ethnicity": "01", "birth_date": "2000-05-01",
              "category": "conscript", "unit": house.branch_a.code, "since": "2026-11-22",
              "standing": "masses", **changed}  # fmt: skip
    answer = client.post(reverse("members:create"), values)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field] == ["请填写 1900 年至 2100 年之间的日期，年份写全四位。"]
    assert not Person.objects.unscoped("test").filter(number="N-1").exists()
