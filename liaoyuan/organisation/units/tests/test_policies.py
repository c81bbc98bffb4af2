"""Who may do what: the level above decides over a unit's existence."""

import pytest

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import policies
from liaoyuan.organisation.units.tests.factories import SYSTEM, acting, brigade

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return brigade()


def test_a_battalion_clerk_manages_below_himself_and_his_own_data(tree):
    actor = acting(tree.a, "organisation_clerk")
    answers = {
        "update own": policies.can_update(actor, tree.a),
        "update below": policies.can_update(actor, tree.a1),
        "create below": policies.can_create_under(actor, tree.a),
        "restructure below": policies.can_restructure(actor, tree.a1),
        "move below": policies.can_move(actor, tree.a1x1, tree.a2),
        "grant below": policies.can_grant(actor, tree.a1),
    }
    assert {name for name, answer in answers.items() if not answer} == set()
    refused = {
        "restructure own": policies.can_restructure(actor, tree.a),
        "update above": policies.can_update(actor, tree.top),
        "update beside": policies.can_update(actor, tree.b1),
        "create beside": policies.can_create_under(actor, tree.b),
        "create root": policies.can_create_under(actor, None),
        "move away": policies.can_move(actor, tree.a1, tree.b),
        "fetch": policies.can_move(actor, tree.b1, tree.a),
        "grant beside": policies.can_grant(actor, tree.b1),
    }
    assert {name for name, answer in refused.items() if answer} == set()
    assert all(answer.reason.endswith("。") for answer in refused.values())


def test_a_roots_own_managers_decide_over_it_and_nobody_moves_it(tree):
    actor = acting(tree.top, "organisation_clerk")
    assert policies.can_restructure(actor, tree.top)
    assert not policies.can_restructure(actor, tree.other)
    assert not policies.can_move(SYSTEM, tree.top, tree.other)


def test_nobody_means_nobody(tree):
    nobody = Actor.nobody()
    for answer in (
        policies.can_update(nobody, tree.a),
        policies.can_restructure(nobody, tree.top),
        policies.can_manage_sites(nobody),
        policies.can_grant(nobody, tree.a),
        policies.can_delegate(nobody, tree.a),
        policies.can_see_access(nobody, tree.a),
    ):
        assert not answer
