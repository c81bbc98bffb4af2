"""Standing, posts, accounts, persons: what is refused, what follows."""

from datetime import date

import pytest

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.members.rules.admission import AdmissionDates
from liaoyuan.organisation.members.rules.fields import PersonData
from liaoyuan.organisation.members.services import (
    person_account_create,
    person_account_link,
    person_account_unlink,
    person_create,
    person_leave,
    person_update,
    standing_change,
    tenure_begin,
    tenure_end,
)
from liaoyuan.organisation.members.tests.factories import (
    House,
    PersonFactory,
    account_for,
    id_number,
    load_post,
    two_branches,
)
from liaoyuan.organisation.units.models import Grant

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today():
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house() -> House:
    return two_branches()


def fresh(person: Person) -> Person:
    return Person.objects.unscoped("test").get(pk=person.pk)


def data(**values: object) -> PersonData:
    return PersonData(**{"name": "新来者", "sex": "1", "ethnicity": "01", "birth_date": date(2000, 5, 1), **values})  # type: ignore[arg-type]


# --- standing ---------------------------------------------------------------------------------------------------------


def test_the_whole_way_into_the_party(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    person = PersonFactory(unit=house.branch_a, standing="masses", birth_date=date(2000, 5, 1), since=date(2020, 1, 1))
    for kind, on in (
        ("applicant", date(2022, 1, 1)),
        ("activist", date(2022, 6, 1)),
        ("candidate", date(2023, 6, 1)),
        ("probationary", date(2023, 9, 1)),
        ("full", date(2024, 9, 1)),
    ):
        standing_change(actor=clerk, person=person, kind=kind, on=on, basis="支部会议决定")
    person = fresh(person)
    assert (person.standing, person.joined_on, person.full_since) == ("full", date(2023, 9, 1), date(2024, 9, 1))
    assert [(row.kind, row.since, row.until) for row in person.standings.order_by("since")][-2:] == [
        ("probationary", date(2023, 9, 1), date(2024, 9, 1)),
        ("full", date(2024, 9, 1), None),
    ]
    assert AuditEntry.objects.filter(action="members.standing", subject_id=person.pk).count() == 5


def test_a_step_that_is_not_lawful_changes_nothing(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    person = PersonFactory(unit=house.branch_a, standing="activist", since=date(2026, 1, 1))
    for kind, on, words in (
        ("candidate", TODAY, "满1年"),
        ("full", TODAY, "按步骤"),
        ("nonsense", TODAY, "没有这种"),
        ("applicant", date(2025, 12, 31), "不能早于"),
        ("applicant", date(2026, 11, 23), "还没有到"),
    ):
        with pytest.raises(DomainError, match=words):
            standing_change(actor=clerk, person=person, kind=kind, on=on, basis="会议")
    with pytest.raises(DomainError, match="写明理由"):
        standing_change(actor=clerk, person=person, kind="applicant", on=TODAY, basis="")
    assert fresh(person).standing == "activist"
    assert person.standings.count() == 1


def test_standing_is_decided_by_the_own_branch_and_never_about_oneself(house: House) -> None:
    person = house.people["plain_a"]
    for persona, error in (
        ("member", NotPermitted),
        ("group_leader", NotPermitted),
        ("inspector", NotPermitted),
        ("battalion_secretary", NotPermitted),
        ("branch_secretary_b", NotInScope),
        ("security_admin", NotInScope),
    ):
        with pytest.raises(error):
            standing_change(actor=house.actor(persona), person=person, kind="suspended", on=TODAY, basis="会议")
    own = house.people["organisation_clerk"]
    with pytest.raises(NotPermitted, match="不能为自己"):
        standing_change(actor=house.actor("organisation_clerk"), person=own, kind="suspended", on=TODAY, basis="会议")
    assert fresh(person).standing == fresh(own).standing == "full"


def test_who_has_left_has_no_more_steps(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    person_leave(actor=clerk, person=person, on=TODAY, reason="退役")
    with pytest.raises(Conflict, match="已离队"):
        standing_change(actor=clerk, person=person, kind="suspended", on=TODAY, basis="会议")


# --- posts ------------------------------------------------------------------------------------------------------------


def test_a_post_gives_its_grant_and_ends_with_it(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    tenure = tenure_begin(
        actor=clerk, person=person, unit=house.branch_a, post=load_post("organisation_officer"), since=date(2026, 1, 1)
    )
    grant = Grant.objects.unscoped("test").get(source_id=tenure.pk)
    assert (grant.user_id, grant.role.code, grant.path, grant.until) == (
        person.user_id, "branch_officer", house.branch_a.path, None,
    )  # fmt: skip
    tenure_end(actor=clerk, tenure=tenure, on=date(2026, 11, 1), reason="改选")
    grant.refresh_from_db()
    assert grant.until == date(2026, 11, 1)
    with pytest.raises(Conflict, match="已于"):
        tenure_end(actor=clerk, tenure=tenure, on=TODAY, reason="再免一次")


def test_a_post_without_account_gives_its_grant_when_one_is_linked(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    tenure = tenure_begin(
        actor=clerk, person=person, unit=house.branch_a, post=load_post("organisation_officer"), since=date(2026, 1, 1)
    )
    assert not Grant.objects.unscoped("test").filter(source_id=tenure.pk).exists()
    user = person_account_create(actor=clerk, person=person, username="dy-plain")
    assert Grant.objects.unscoped("test").get(source_id=tenure.pk).user_id == user.pk
    person_account_unlink(actor=clerk, person=person, reason="更换账号")
    assert not Grant.objects.unscoped("test").current(TODAY).filter(source_id=tenure.pk).exists()


def test_posts_that_are_refused(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    probationer = PersonFactory(unit=house.branch_a, standing="probationary")
    person = house.people["member"]
    officer = load_post("organisation_officer")
    begin = date(2026, 1, 1)
    for who, unit, since, until, words in (
        (probationer, house.branch_a, begin, None, "还不是正式党员"),
        (person, house.branch_b, begin, None, "组织关系不在"),
        (person, house.branch_a, date(2026, 11, 23), None, "还没有到"),
        (person, house.branch_a, begin, date(2025, 1, 1), "早于任职"),
        (person, house.branch_a, date(2014, 1, 1), None, "还不是正式党员"),
    ):
        with pytest.raises(DomainError, match=words):
            tenure_begin(actor=clerk, person=who, unit=unit, post=officer, since=since, until=until)
    tenure_begin(actor=clerk, person=person, unit=house.branch_a, post=officer, since=begin)
    with pytest.raises(Conflict, match="已经担任"):
        tenure_begin(actor=clerk, person=person, unit=house.branch_a, post=officer, since=date(2026, 5, 1))
    assert Tenure.objects.filter(person__in=[person, probationer]).count() == 1


def test_nobody_gives_a_post_that_carries_more_than_he_holds(house: House) -> None:
    secretary = house.actor("branch_secretary")
    person = house.people["member"]
    with pytest.raises(NotPermitted):
        tenure_begin(actor=secretary, person=person, unit=house.battalion_a, post=load_post("secretary"), since=TODAY)
    with pytest.raises(NotPermitted):
        tenure_begin(actor=secretary, person=person, unit=house.root, post=load_post("organisation_clerk"), since=TODAY)
    assert not person.tenures.exists()


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_an_account_is_made_once_and_named_after_the_number(house: House) -> None:
    secretary, person = house.actor("branch_secretary"), house.people["plain_a"]
    user = person_account_create(actor=secretary, person=person)
    assert (user.username, user.display_name, user.must_change_password) == ("a-plain", person.name, True)
    assert fresh(person).user_id == user.pk
    with pytest.raises(Conflict, match="已有账号"):
        person_account_create(actor=secretary, person=person, username="another")
    assert User.objects.filter(username="another").count() == 0


def test_linking_refuses_administrators_strangers_accounts_and_accounts_with_grants(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    stray = User.objects.create(username="stray", display_name="游离", password="!", must_change_password=False)
    for username, words in (("security-admin", "安全管理员"), ("a-member", "没有可以关联"), ("nobody", "没有可以关联")):
        with pytest.raises(DomainError, match=words):
            person_account_link(actor=clerk, person=person, username=username, reason="关联")
    other = PersonFactory(unit=house.branch_b)
    account_for(other, "once-his")
    tenure_begin(
        actor=clerk, person=other, unit=house.branch_b, post=load_post("organisation_officer"), since=date(2026, 1, 1)
    )
    Person.objects.unscoped("test").filter(pk=other.pk).update(user=None)
    with pytest.raises(Conflict, match="已有授权"):
        person_account_link(actor=clerk, person=person, username="once-his", reason="关联")
    assert fresh(person).user is None
    person_account_link(actor=clerk, person=person, username="STRAY", reason="原账号")
    assert fresh(person).user == stray


def test_a_person_does_not_become_an_administrator(house: House) -> None:
    from liaoyuan.organisation.members.handlers import role_check

    assert "三员" in role_check(house.users["member"])
    assert role_check(house.users["audit_admin"]) == ""


# --- persons ----------------------------------------------------------------------------------------------------------


def test_create_writes_everything_that_follows(house: House) -> None:
    person = person_create(
        actor=house.actor("branch_secretary"),
        number=" n-100 ",
        data=data(id_number=id_number(date(2000, 5, 1), 7), phone="199 0000 0001", rank="列兵", category="conscript"),
        unit=house.branch_a,
        group=house.group_a,
        since=date(2026, 9, 1),
        standing="probationary",
        dates=AdmissionDates(date(2022, 1, 1), date(2022, 6, 1), date(2023, 9, 1), date(2026, 8, 1)),
    )
    person = fresh(person)
    assert (person.number, person.pinyin, person.rank_order, person.home_path) == (
        "N-100", "xinlaizhe", 19, house.group_a.path,
    )  # fmt: skip
    assert (person.phone, len(person.id_index), len(person.id_tail_index)) == ("19900000001", 32, 32)
    assert person.memberships.get().since == date(2026, 9, 1)
    assert list(person.standings.order_by("since").values_list("kind", flat=True)) == [
        "applicant", "activist", "candidate", "probationary",
    ]  # fmt: skip


def test_create_refuses_what_the_rules_refuse_and_writes_nothing(house: House) -> None:
    secretary = house.actor("branch_secretary")
    taken = house.people["plain_a"]
    received = AdmissionDates(date(2022, 1, 1), date(2022, 6, 1), date(2023, 9, 1), date(2026, 8, 1))
    cases = [
        ({"number": taken.number}, "已被使用", "number"),
        ({"number": "有 汉字"}, "人员编号只能", "number"),
        ({"data": data(id_number=taken.id_number, birth_date=date(1990, 5, 1))}, "登记在另一人", "id_number"),
        ({"data": data(id_number="11010519491231002X")}, "出生日期是 1949-12-31", "id_number"),
        ({"data": data(name="")}, "填写姓名", "name"),
        ({"standing": "full"}, "应有转正日期", "full_on"),
        ({"dates": AdmissionDates(date(2010, 1, 1)), "standing": "applicant"}, "不满 18 周岁", "applied_on"),
        ({"since": date(2026, 11, 23)}, "还没有到", "since"),
        ({"unit": house.battalion_a, "group": None}, "不是党支部", "to_unit"),
        ({"group": house.group_a}, "党小组只编入党员，此人是群众", "group"),
        ({"group": house.group_b, "standing": "probationary", "dates": received}, "党小组不在", "group"),
    ]
    for change, words, field in cases:
        values = {"number": "N-1", "data": data(), "unit": house.branch_a, "since": TODAY, **change}
        actor = house.actor("organisation_clerk") if "unit" in change else secretary
        with pytest.raises(DomainError, match=words) as refused:
            person_create(actor=actor, **values)  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(NotPermitted):
        person_create(actor=secretary, number="N-1", data=data(), unit=house.branch_b, since=TODAY)
    assert not Person.objects.unscoped("test").filter(number="N-1").exists()


def test_update_records_what_changed_but_never_secrets(house: House) -> None:
    person = house.people["plain_a"]
    new_id = id_number(date(1990, 5, 1), 777)
    person_update(
        actor=house.actor("branch_secretary"),
        person=person,
        data=data(name="改名者", birth_date=date(1990, 5, 1), id_number=new_id, phone="19911112222"),
        expected=person.updated_at,
    )
    entry = AuditEntry.objects.get(action="members.update")
    assert entry.detail["changed"]["name"] == ["甲无账号", "改名者"]
    assert entry.detail["changed"]["id_number"] == entry.detail["changed"]["phone"] == "…"
    assert new_id not in str(entry.detail)
    assert "19911112222" not in str(entry.detail)
    assert (fresh(person).initials, fresh(person).id_number) == ("gmz", new_id)


def test_update_renames_the_account_too(house: House) -> None:
    person = house.people["member"]
    person_update(
        actor=house.actor("branch_secretary"), person=person,
        data=data(name="新名字", birth_date=person.birth_date, id_number=person.id_number), expected=None,
    )  # fmt: skip
    assert User.objects.get(pk=person.user_id).display_name == "新名字"
