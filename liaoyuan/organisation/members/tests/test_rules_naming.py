"""Names, what a typed search means, and code lists."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.rules import naming, search


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("罗兆远", ("luozhaoyuan", "lzy")),
        ("单雄", ("shanxiong", "sx")),
        ("曾国强", ("zengguoqiang", "zgq")),
        ("仇英", ("qiuying", "qy")),
        ("解放", ("xiefang", "xf")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("万俟卨", ("moqixie", "mqx")),
        ("吕布", ("lvbu", "lb")),
        ("李晟", ("lisheng", "ls")),
        ("玉素甫·艾山", ("yusufuaishan", "ysfas")),
        ("洛桑次仁", ("luosangciren", "lscr")),
        ("", ("", "")),
    ],
)
def test_names_are_read_as_names(name: str, keys: tuple[str, str]) -> None:
    assert naming.name_keys(name) == keys


@given(st.text(max_size=80))
def test_keys_of_anything_fit_their_columns(text: str) -> None:
    pinyin, initials = naming.name_keys(text)
    assert len(pinyin) <= naming.PINYIN_LENGTH
    assert len(initials) <= naming.INITIALS_LENGTH


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("罗 兆远", search.NAME, "罗兆远"),
        ("玉素甫•艾山", search.NAME, "玉素甫·艾山"),
        ("LuoZhaoYuan", search.LATIN, "luozhaoyuan"),
        ("lyu bu", search.LATIN, "lvbu"),
        ("lü", search.LATIN, "lv"),
        ("p000123", search.NUMBER, "P000123"),
        ("12", search.NUMBER, "12"),
        ("1234", search.NUMBER, "1234"),
        ("110014", search.ID_TAIL, "110014"),
        ("11001x", search.ID_TAIL, "11001X"),
        ("11010519491231002x", search.ID_WHOLE, "11010519491231002X"),
        ("", search.NOTHING, ""),
        ("   ", search.NOTHING, ""),
        ("\x00", search.NOTHING, ""),
        ("%_'\"", search.NOTHING, ""),
    ],
)
def test_what_a_typed_search_means(text: str, kind: str, value: str) -> None:
    assert search.typed(text) == search.Typed(kind, value)


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert len(search.typed(text).value) <= 3 * search.LONGEST


# --- codes ------------------------------------------------------------------------------------------------------------


def test_codes_there_and_back() -> None:
    assert codes.ethnicity_code("汉族") == codes.ethnicity_code("汉") == "01"
    assert codes.ethnicity_label("05") == "维吾尔族"
    assert codes.education_label(codes.education_code("大学本科")) == "大学本科"
    assert codes.sex_code("女") == "2"
    assert codes.standing_code("中共预备党员") == "probationary"
    assert codes.category_label("nco") == "军士"
    assert codes.ethnicity_code("火星族") == ""
    assert len(codes.RANKS) == 19
    assert len(codes.ETHNICITIES) == 58


def test_retired_ranks_name_their_successor() -> None:
    retired = codes.retired_rank("四级军士长")
    assert retired is not None
    assert (retired.successor, retired.ended_on) == ("一级上士", date(2022, 3, 31))
    assert codes.retired_rank("上士").successor == "二级上士"  # type: ignore[union-attr]
    assert codes.retired_rank("中士") is None
    assert codes.rank_order("大校") < codes.rank_order("中校") < codes.rank_order("下士") < codes.rank_order("")
