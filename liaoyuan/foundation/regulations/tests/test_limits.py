"""Numbers as rules take them: of the text of the day, with the clause, as a unit has set them."""

from datetime import date
from uuid import uuid4

import pytest

from liaoyuan.foundation.regulations.limits import TEXTS, limits_at
from liaoyuan.foundation.regulations.models import ParameterOverride

D = date.fromisoformat
TODAY = D("2026-11-22")


def test_a_number_knows_its_clause_and_a_length_its_months() -> None:
    least, term = TEXTS("branch.branch_full_members_least", TODAY), TEXTS("branch.term", TODAY)
    assert (least.value, least.words, least.clause) == (3, "3", "《中国共产党支部工作条例（试行）》第4条")
    assert (term.value, term.words, term.clause) == (36, "3年", "《中国共产党支部工作条例（试行）》第21条")
    assert TEXTS("platform.delegation_most", D("2000-01-01")).value == 366  # before the first text, the first one's


@pytest.mark.parametrize(("name", "error"), [("branch.nonsense", KeyError), ("dues.bands", TypeError)])
def test_what_is_no_number_is_refused(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        TEXTS(name, TODAY)


def test_the_text_of_the_day_is_named() -> None:
    old, new = (TEXTS("admission.probation", D(day)).clause for day in ("2026-05-10", "2026-05-11"))
    assert old != new
    assert "2026" in new


@pytest.mark.django_db
def test_a_unit_s_own_number_binds_it_and_all_below_for_its_days_and_not_the_neighbour() -> None:
    ParameterOverride.objects.unscoped("test").create(
        parameter="branch.branch_members_most", value=60, unit_id=uuid4(), unit_name="甲营党委", path="0001.",
        since=D("2026-03-01"), until=D("2026-12-31"), reason="驻地分散", by_name="试验",
    )  # fmt: skip
    limits = limits_at("0001.0002.")
    assert limits("branch.branch_members_most", TODAY).value == 60
    assert "甲营党委自2026-03-01起调整" in limits("branch.branch_members_most", TODAY).clause
    assert limits("branch.branch_members_most", D("2026-02-28")).value == 50
    assert limits("branch.branch_members_most", D("2027-01-01")).value == 50
    assert limits.at("0002.")("branch.branch_members_most", TODAY).value == 50


@pytest.mark.django_db
def test_asking_many_numbers_costs_one_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        limits = limits_at("0001.")
        for name in ("branch.term", "branch.term_notice", "admission.probation"):
            limits(name, TODAY)
