"""Finding people: what matches, what does not, whose it is, and that an index answers."""

from itertools import pairwise

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import MEMBER_ROLE, Capability
from liaoyuan.organisation.members.rules import search
from liaoyuan.organisation.members.selectors import belonging, counting, people_rows, people_search, search_rows
from liaoyuan.organisation.members.selectors.access import membership_pairs, person_id_of
from liaoyuan.organisation.members.selectors.counting import unit_counts
from liaoyuan.organisation.members.selectors.finding import keys_sql, terms_of
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, UnitFactory, two_branches
from liaoyuan.organisation.units.models import Role
from liaoyuan.organisation.units.selectors import holds_every_root

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return two_branches()


def names(actor: Actor, q: str) -> set[str]:
    return {person.name for person in people_search(actor, q)}


@pytest.fixture
def crowd(house: House) -> House:
    for name, unit in (
        ("罗兆远", house.branch_a),
        ("罗兆明", house.branch_b),
        ("兆丰", house.branch_a),
        ("单雄", house.branch_a),
        ("玉素甫·艾山", house.branch_a),
        ("欧阳兆远", house.branch_b),
    ):
        PersonFactory(name=name, unit=unit)
    return house


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("罗兆远", {"罗兆远"}),
        ("罗", {"罗兆远", "罗兆明"}),
        ("兆", {"罗兆远", "罗兆明", "兆丰", "欧阳兆远"}),
        ("兆远", {"罗兆远", "欧阳兆远"}),
        ("远", {"罗兆远", "欧阳兆远"}),
        ("艾山", {"玉素甫·艾山"}),
        ("素甫·艾", {"玉素甫·艾山"}),
        ("玉素甫•艾山", {"玉素甫·艾山"}),
        ("luozhaoyuan", {"罗兆远"}),
        ("luozhao", {"罗兆远", "罗兆明"}),
        ("LZY", {"罗兆远"}),
        ("lz", {"罗兆远", "罗兆明", "旅组织干事"}),
        ("shanx", {"单雄"}),
        ("danx", set()),
        ("%", set()),
        ("_", set()),
        ("' OR 1=1 --", set()),
        ("龘", set()),
    ],
)
def test_search_finds_parts_pinyin_and_initials(crowd: House, q: str, expected: set[str]) -> None:
    assert names(crowd.actor("organisation_clerk"), q) == expected


def test_search_by_number_and_by_id_tail(crowd: House) -> None:
    clerk = crowd.actor("organisation_clerk")
    person = crowd.people["plain_a"]
    assert names(clerk, person.number.lower()) == {person.name}
    assert names(clerk, person.id_number) == {person.name}
    assert person.name in names(clerk, person.id_number[-6:])
    assert names(clerk, person.id_number[-5:]) == set()
    assert names(clerk, person.id_number[-4:]) == set()
    entries = AuditEntry.objects.filter(action="members.find_by_id")
    assert entries.count() == 2
    assert person.id_number[-6:] not in str(list(entries.values()))


def test_id_numbers_are_found_only_by_who_may_see_the_file(house: House) -> None:
    person = house.people["plain_a"]
    assert names(house.actor("member"), person.id_number) == set()
    assert names(house.actor("group_leader"), person.id_number) == set()
    assert names(house.actor("branch_secretary"), person.id_number) == {person.name}
    assert names(house.actor("branch_secretary_b"), person.id_number) == set()
    assert names(house.actor("security_admin"), person.id_number) == set()


def test_search_never_leaves_the_reach(crowd: House) -> None:
    assert names(crowd.actor("member"), "罗") == {"罗兆远"}
    assert names(crowd.actor("member_b"), "罗") == {"罗兆明"}
    assert names(crowd.actor("battalion_secretary"), "兆远") == {"罗兆远"}
    assert names(crowd.actor("system_admin"), "罗") == set()


def test_attached_people_are_found_where_they_are_attached(crowd: House) -> None:
    PersonFactory(name="客人", unit=crowd.branch_a, attached_unit=crowd.branch_b)
    assert names(crowd.actor("member_b"), "客人") == {"客人"}
    assert names(crowd.actor("member_b"), "keren") == {"客人"}
    assert names(crowd.actor("member"), "客人") == {"客人"}


def test_who_left_is_not_offered_but_the_list_finds_him(crowd: House) -> None:
    PersonFactory(name="离队者", unit=crowd.branch_a, active=False)
    clerk = crowd.actor("organisation_clerk")
    assert names(clerk, "离队者") == set()
    assert search_rows(clerk, people_rows(clerk), "离队者").count() == 1


def test_limit_is_kept_and_nobody_comes_twice(crowd: House) -> None:
    PersonFactory.create_batch(5, name="王王王", unit=crowd.branch_a)
    clerk = crowd.actor("organisation_clerk")
    assert len(people_search(clerk, "王", limit=3)) == 3
    found = people_search(clerk, "王王", limit=20)
    assert len({person.pk for person in found}) == len(found) == 5


_ALPHABET = "王兆远罗单·wlzsA1-"


@given(
    q=st.text(alphabet=_ALPHABET, min_size=1, max_size=4),
    which=st.sampled_from(["member", "battalion_secretary_b", "organisation_clerk"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_is_visible_to_and_a_plain_filter(crowd: House, q: str, which: str) -> None:
    """The hand-written SQL finds exactly what the scope's own filter with the plain meaning finds."""
    actor = crowd.actor(which)
    typed = search.typed(q)
    everybody = Person.objects.visible_to(actor, Capability.VIEW).filter(active=True)
    plain = {
        search.NAME: lambda person: typed.value in person.name,
        search.LATIN: lambda person: person.pinyin.startswith(typed.value) or person.initials.startswith(typed.value),
        search.NUMBER: lambda person: person.number.startswith(typed.value),
    }.get(typed.kind, lambda person: False)
    expected = {person.name for person in everybody if plain(person)}
    assert {person.name for person in people_search(actor, q, limit=100)} == expected


def test_list_rows_are_in_tree_order_then_by_rank(house: House) -> None:
    actor = house.actor("organisation_clerk")
    rows = list(belonging(actor, people_rows(actor)))
    keys = [(row.home_path, row.rank_order, row.pk.hex) for row in rows]
    assert keys == sorted(keys)
    assert all(one != two for one, two in pairwise(keys))


def _plan(sql: str, values: list) -> str:
    """The plan over a table large enough for PostgreSQL to weigh its indexes by what is in it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _fill_with_names(cursor)
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", values)
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def _fill_with_names(cursor) -> None:
    """Some thousand copies of one person with made-up names, in the statistics too."""
    columns = {field.column: f'"{field.column}"' for field in Person._meta.concrete_fields}
    columns |= {"id": "gen_random_uuid()", "number": "'Z' || n", "name": "chr(19968 + n) || chr(20000 + n)"}
    columns |= {"pinyin": "md5(n::text)", "initials": "substr(md5(n::text), 1, 3)", "rank_order": "n % 40"}
    columns |= {f"name_{at}": f"substr(chr(20000 + n) || md5(n::text), {at})" for at in (2, 3)}
    columns |= {"user_id": "NULL", "id_index": "''", "id_tail_index": "''"}
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    cursor.execute(
        f"INSERT INTO members_person ({names}) SELECT {values} FROM "  # noqa: S608  our own column names
        "(SELECT * FROM members_person WHERE active LIMIT 1) AS one, generate_series(1, 5000) AS n"
    )
    cursor.execute("ANALYZE members_person")


@pytest.mark.parametrize(
    ("q", "indexes"),
    [
        ("罗兆远", ["person_name_path", "person_name_2_path", "person_name_3_path"]),
        ("luozhaoyuan", ["person_pinyin_path", "person_initials_path"]),
    ],
)
def test_a_search_walks_the_names_index_not_the_table(house: House, monkeypatch, q: str, indexes: list[str]) -> None:
    monkeypatch.setattr("liaoyuan.organisation.members.selectors.finding.FEW", 0)
    plan = _plan(*keys_sql((house.root.path,), terms_of(search.typed(q)), active_only=True))
    for index in indexes:
        assert index in plan
    assert "SCAN members_person" not in plan
    assert "Seq Scan" not in plan


def test_a_search_in_a_few_people_walks_their_subtree(house: House) -> None:
    if connection.vendor == "sqlite":  # PostgreSQL decides by its own statistics
        plan = _plan(*keys_sql((house.branch_a.path,), terms_of(search.typed("luo")), active_only=True))
        assert "person_home_path" in plan or "person_count" in plan
        assert "SCAN" not in plan


def test_the_list_reads_its_page_off_the_path_index(house: House) -> None:
    actor = house.actor("battalion_secretary")
    sql, values = belonging(actor, people_rows(actor)).filter(active=True)[:51].query.sql_with_params()
    plan = _plan(sql, list(values))
    assert "person_home_path" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_people_attached_from_outside_are_counted_beside_the_units_own(house: House, django_assert_num_queries) -> None:
    person = house.people["plain_b"]
    person.attached_unit, person.attached_path = house.branch_a, house.branch_a.path
    person.save(update_fields=["attached_unit", "attached_path"])
    units = [house.root, house.branch_a, house.branch_b]
    with django_assert_num_queries(1):
        counts = unit_counts(Actor.system("test"), units)
    assert [counts[unit.pk].attached for unit in units] == [0, 1, 0]  # inside the root he only moved
    home = [Person.objects.unscoped("test").filter(home_path__startswith=unit.path, active=True) for unit in units]
    assert [counts[unit.pk].people for unit in units] == [rows.count() for rows in home]
    person.active = False
    person.save(update_fields=["active"])
    assert unit_counts(Actor.system("test"), units)[house.branch_a.pk].attached == 0


def test_counting_reads_both_indexes_and_not_the_table(house: House) -> None:
    if connection.vendor == "sqlite":  # PostgreSQL decides by its own statistics
        plan = _plan(counting._COUNT.format(marks="%s"), [house.branch_a.pk.hex] * 2)
        assert "person_count" in plan
        assert "person_attached" in plan
        assert "SCAN person" not in plan


def test_the_reach_of_several_branches_is_one_list(house: House) -> None:
    other = UnitFactory(parent=house.battalion_b)
    PersonFactory(name="别处", unit=other)
    actor = Actor(None, "x", grants={"members.view": (house.branch_a.path, other.path)})
    found = {row.name for row in belonging(actor, people_rows(actor))}
    assert "别处" in found
    assert "乙战士" not in found


def test_belonging_grants_what_the_role_says_over_home_and_attachment(house: House):
    role = Role.objects.get(code=MEMBER_ROLE)
    attached = house.people["member"]
    Person.objects.filter(pk=attached.pk).update(attached_unit=house.branch_b, attached_path=house.branch_b.path)
    left = house.people["group_leader"]
    Person.objects.filter(pk=left.pk).update(active=False)
    both = {(name, path) for name in role.capabilities for path in (house.branch_a.path, house.branch_b.path)}
    assert set(membership_pairs(attached.user)) == both
    assert person_id_of(attached.user) == attached.pk
    assert list(membership_pairs(left.user)) == []
    assert person_id_of(left.user) == left.pk
    nobody = User.objects.create(username="nobody", display_name="无人")
    assert list(membership_pairs(nobody)) == []
    assert person_id_of(nobody) is None
    nobody.admin_kind = "audit"
    assert list(membership_pairs(nobody)) == []


def test_search_over_every_root_leaves_out_who_belongs_nowhere(house: House) -> None:
    PersonFactory(name="无处可归", unit=None)
    clerk = house.actor("organisation_clerk")
    assert holds_every_root(clerk.reach(Capability.VIEW))
    assert names(clerk, "无处可归") == set()
    assert names(Actor.system("测试"), "无处可归") == {"无处可归"}
    UnitFactory(code="ELSEWHERE", parent=None)
    assert not holds_every_root(clerk.reach(Capability.VIEW))
    assert names(clerk, "甲战士") == {"甲战士"}


def test_a_second_root_is_never_searched_by_the_first(house: House) -> None:
    away = UnitFactory(code="ELSEWHERE", parent=None)
    PersonFactory(name="远方来客", unit=away)
    assert names(house.actor("organisation_clerk"), "远方来客") == set()
