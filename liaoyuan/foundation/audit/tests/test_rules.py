"""The written form of a row."""

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.audit.rules import clean_detail, clean_text, row_text


def test_the_same_moment_is_written_alike_in_every_time_zone():
    here = datetime(2026, 11, 22, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert row_text("", [here]) == row_text("", [here.astimezone(UTC)]) == b'["","2026-11-22T00:00:00.000005+00:00"]'


def test_columns_cannot_be_shifted_into_each_other():
    assert row_text("", ["ab", "c"]) != row_text("", ["a", "bc"])
    assert row_text("x", ["", "y"]) != row_text("x", ["y", ""])


def test_ids_and_nothing_have_one_form():
    key = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    assert row_text("p", [None, key, True]) == b'["p","","01890a5d-ac96-774b-bcce-b302099a8057",true]'


def test_text_loses_what_a_database_cannot_store():
    assert clean_text("a\x00b", 10) == "ab"
    assert clean_text("a\ud800b", 10) == "a?b"
    assert clean_text("燎" * 20, 5) == "燎" * 5
    assert clean_text(None, 10) == "None"


def test_numbers_that_one_database_would_rewrite_become_text():
    assert clean_detail([1e16, math.nan, math.inf, 2**70]) == ["1e+16", "nan", "inf", str(2**70)]
    assert clean_detail([1.0, 0.1, -0.0, 7, True, None]) == [1.0, 0.1, 0.0, 7, True, None]
    assert math.copysign(1, clean_detail(-0.0)) == 1


def test_dates_ids_sets_and_odd_keys_become_json():
    detail = {1: date(2026, 11, 22), "ids": {UUID(int=2), UUID(int=1)}, "nested": {"x": (1, "b\x00")}}
    assert clean_detail(detail) == {
        "1": "2026-11-22",
        "ids": [str(UUID(int=1)), str(UUID(int=2))],
        "nested": {"x": [1, "b"]},
    }


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(anything)
def test_cleaned_detail_survives_being_written_and_read(value):
    cleaned = clean_detail(value)
    assert json.loads(json.dumps(cleaned, allow_nan=False)) == cleaned
    row_text("", [cleaned])
