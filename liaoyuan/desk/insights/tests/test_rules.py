import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.rules import Box, Cell


@pytest.mark.parametrize(
    ("zoom", "precise", "step"),
    [(3, True, 20000), (8, True, 1000), (12, True, 20), (12, False, 1000), (99, True, 20), (0, False, 20000)],
)
def test_a_cell_is_never_finer_than_a_tenth_without_precise(zoom, precise, step):
    assert rules.step_for(zoom, precise=precise) == step


def test_every_step_from_a_tenth_up_is_whole_tenths():
    assert all(step % rules.TENTH == 0 for step in rules.STEPS.values() if step >= rules.TENTH)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1000.1",
        "1000.1.1.1",
        "999.1.1",
        "1000.-1.2",
        "20000.99999.1",
        "1000.1.1 ",
        "１０００.1.1",
        "1000.1.99999",
    ],
)
def test_what_is_no_key_opens_nothing(text):
    assert rules.read_key(text, precise=True) is None


def test_a_fine_key_opens_nothing_without_precise():
    assert rules.read_key("20.140000.64000", precise=True) == Cell(20, 140000, 64000)
    assert rules.read_key("20.140000.64000", precise=False) is None


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(sorted(rules.STEPS.values())))
def test_a_position_lies_in_its_cell_and_the_key_leads_back(lon, lat, step):
    cell = rules.cell_of(lon, lat, step)
    x, y = rules.units(lon, lat)
    west, south, east, north = cell.bounds
    assert west <= x < east
    assert south <= y < north
    assert rules.read_key(cell.key, precise=True) == cell


def test_boxes_grow_to_whole_cells():
    assert rules.read_box("100.43,38.91,100.44,38.92", 1000) == Box(2804, 1289, 2804, 1289)
    assert rules.read_box("100.43,38.91,100.44,38.92", 20) == Box(2804, 1289, 2804, 1289)
    assert rules.read_box("100.43,38.91,101.44,38.92", 5000) == Box(2800, 1285, 2814, 1289)
    assert rules.read_box("", 1000) is None


@pytest.mark.parametrize(
    "text",
    ["1,2,3", "a,b,c,d", "5,0,4,1", "0,5,1,4", "nan,0,1,1", "0,0,inf,1", "-181,0,1,1", "0,0,1,91", "1" * 30 + ",0,1,1"],
)
def test_what_is_no_box_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  float() words differ
        rules.read_box(text, 1000)


def test_sums_keep_kinds_and_freshness_apart():
    found = rules.Sum()
    found.add("checkin", 2, 1, 5, 500.0, 190.0, "a")
    found.add("posting", 0, 3, 3, 303.0, 117.0, "b")
    found.add("home", 0, 0, 2, 200.0, 76.0, "b")
    rows = rules.as_rows({Cell(1000, 1, 2): found}, precise=True, label=lambda places: str(sorted(places)))
    assert rows == [[100.3, 38.3, 10, 2, 2, 1, 0, 0, 3, 2, "['a', 'b']", "1000.1.2"]]


def test_coarse_centres_have_one_decimal():
    found = rules.Sum()
    found.add("home", 0, 0, 1, 100.4567, 38.9312, "a")
    assert rules.as_rows({Cell(1000, 1, 2): found}, precise=False, label=lambda _: "")[0][:2] == [100.5, 38.9]


def test_a_change_touches_a_reach_above_below_or_at_it():
    assert rules.touches(["00000001"], ["0000"])
    assert rules.touches(["0000"], ["00000001"])  # collapsed: may hold it
    assert rules.touches([""], ["00000001"])
    assert not rules.touches(["00000002"], ["00000001"])
    assert not rules.touches([], ["0000"])
    assert not rules.touches(["0000"], [])
