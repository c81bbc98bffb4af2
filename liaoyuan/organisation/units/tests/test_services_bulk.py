"""Units and places by the thousand: the same rows as one by one."""

from datetime import date

import pytest

from liaoyuan.kernel.bulk import insert_rows, new_ids, roomy, update_rows
from liaoyuan.kernel.crypto import blind_index, blind_indexes, decrypt, encrypt_many
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site, Unit, UnitChange
from liaoyuan.organisation.units.services import tree_problems, unit_create
from liaoyuan.organisation.units.services.bulk import NewUnit, sites_ensure, units_create

SYSTEM = Actor.system("测试")


@pytest.mark.django_db
def test_children_given_before_their_parents_still_stand_below_them() -> None:
    wanted = [
        NewUnit("L-A-1", "A营一连党支部", "branch", "L-A", approved_by="L", founded_on=date(2020, 1, 1)),
        NewUnit("L-A", "A营党委", "committee", "L"),
        NewUnit("L-B", "B营党委", "committee", "L"),
        NewUnit("L", "旅党委", "committee", site="营区"),
    ]
    with unit_of_work():
        sites = sites_ensure({"营区": (117.4, 32.9)})
        placed = units_create(actor=SYSTEM, wanted=wanted, sites=sites, reason="测试")
    assert tree_problems() == []
    assert placed["L-A-1"][1].startswith(placed["L-A"][1])
    branch = Unit.objects.unscoped("test").get(code="L-A-1")
    assert (branch.parent.code, branch.approved_by.code, branch.initials) == ("L-A", "L", "ayyldzb")
    assert UnitChange.objects.filter(verb="create").count() == 4


@pytest.mark.django_db
def test_a_unit_made_in_bulk_is_like_one_made_alone() -> None:
    with unit_of_work():
        units_create(actor=SYSTEM, wanted=[NewUnit("L", "旅党委", "committee")], sites={}, reason="测试")
    root = Unit.objects.unscoped("test").get(code="L")
    alone = unit_create(actor=SYSTEM, code="L-A", name="A营党委", kind="committee", parent=root, reason="测试")
    with unit_of_work():
        units_create(actor=SYSTEM, wanted=[NewUnit("L-B", "B营党委", "committee", "L")], sites={}, reason="测试")
    bulk = Unit.objects.unscoped("test").get(code="L-B")
    assert (bulk.position, bulk.path) == (alone.position + 1, "00000001")
    same = {"kind", "host_body", "can_approve_members", "mission", "founded_on", "dissolved_on", "parent_id"}
    assert {name: getattr(bulk, name) for name in same} == {name: getattr(alone, name) for name in same}
    told = [UnitChange.objects.get(unit=unit, verb="create") for unit in (alone, bulk)]
    assert told[0].after.keys() - told[1].after.keys() == set()


@pytest.mark.django_db
def test_an_unknown_parent_writes_nothing() -> None:
    with pytest.raises(KeyError), unit_of_work():
        units_create(actor=SYSTEM, wanted=[NewUnit("L-A", "A营党委", "committee", "X")], sites={}, reason="测试")
    assert not Unit.objects.unscoped("test").exists()


@pytest.mark.django_db
def test_places_are_made_moved_and_left_alone() -> None:
    first = sites_ensure({"甲": (117.0, 32.0), "乙": (118.0, 33.0)})
    again = sites_ensure({"甲": (117.5, 32.0)})
    assert first == again
    assert list(Site.objects.order_by("name").values_list("name", "lon")) == [("乙", 118.0), ("甲", 117.5)]


@pytest.mark.django_db
def test_rows_go_in_and_change_by_the_thousand_on_either_database() -> None:
    ids, heard = new_ids(9000), []
    with roomy(), unit_of_work():
        rows = [(key, f"点位\t{number}\\n", 117.0, 32.0, True) for number, key in enumerate(ids)]
        assert insert_rows(Site, ("id", "name", "lon", "lat", "active"), rows, step=heard.append) == 9000
        assert update_rows(Site, ("lon",), ((118.0, key) for key in ids[:5000])) == 5000
    assert sum(heard) == 9000
    assert Site.objects.filter(lon=118.0).count() == 5000
    assert Site.objects.get(pk=ids[7]).name == "点位\t7\\n"


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    texts = ["999000198905110014", "", "19900000000"]
    sealed = encrypt_many(texts)
    assert [decrypt(one) for one in sealed] == texts
    assert sealed[1] == ""
    assert encrypt_many(texts)[0] != sealed[0]
    assert blind_indexes(texts, purpose="person.id") == [blind_index(text, purpose="person.id") for text in texts]
