"""Pure rules: ID numbers, masking, names, searches, dates of admission, spans of time."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.regulations.limits import TEXTS
from liaoyuan.organisation.members.rules import admission, fields, identity
from liaoyuan.organisation.members.rules.admission import AdmissionDates, add_months, admission_findings
from liaoyuan.organisation.members.rules.spans import Span, at, ended, moved, overlap

births = st.dates(date(1930, 1, 1), date(2010, 12, 31))


def number(birth: date, sequence: int, area: str = "999001") -> str:
    body = f"{area}{birth:%Y%m%d}{sequence:03d}"
    return body + identity.check_character(body)


# --- ID numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("good", ["11010519491231002X", "440524188001010014"])
def test_published_examples_are_right(good: str) -> None:
    assert identity.id_problem(good) == ""


@given(births, st.integers(0, 999))
def test_parts_agree_with_what_the_number_was_made_of(birth: date, sequence: int) -> None:
    parts = identity.id_parts(number(birth, sequence))
    assert parts == identity.IdParts(birth, "1" if sequence % 2 else "2", legacy=False)
    assert identity.id_problem(number(birth, sequence), birth=birth, sex="1" if sequence % 2 else "2") == ""


@given(births, st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_any_one_wrong_digit_is_found(birth: date, sequence: int, place: int, shift: int) -> None:
    good = number(birth, sequence)
    wrong = str((int(good[place]) + shift) % 10)
    assert identity.id_problem(good[:place] + wrong + good[place + 1 :]) != ""


@given(births, st.integers(0, 999), st.integers(0, 15))
def test_two_neighbours_swapped_are_found(birth: date, sequence: int, place: int) -> None:
    good = number(birth, sequence)
    if good[place] != good[place + 1]:
        swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
        assert identity.id_problem(swapped) != ""


@given(births, births, st.integers(0, 999))
def test_birth_and_sex_must_agree(birth: date, other: date, sequence: int) -> None:
    good = number(birth, sequence)
    if birth != other:
        assert "出生日期" in identity.id_problem(good, birth=other)
    assert "性别" in identity.id_problem(good, sex="2" if sequence % 2 else "1")
    assert identity.id_problem(good, sex="0") == ""


@pytest.mark.parametrize("bad", ["1", "12345678901234567", "1101051949123100X2", "ABCDEFGHIJKLMNOPQR", "９" * 18])
def test_wrong_forms_are_refused(bad: str) -> None:
    assert "18 位" in identity.id_problem(bad)


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("O10105194912310021", 1),
        ("1101051949123100O2", 17),
        ("1101051949123100X2", 17),
        ("11010519491231002O", 18),
        ("11010519491231002X", None),
        ("110105194912310020", None),
        ("1101051949123100O", None),
        ("1101051949123100O2X", None),
    ],
)
def test_of_a_number_of_the_right_length_the_odd_character_is_named(number: str, place: int | None) -> None:
    assert identity.odd_character(number) == place
    named = f"第 {place} 位是“{number[place - 1]}”" if place else "位是“"
    assert (named in identity.id_problem(number)) is (place is not None)


def test_a_birth_date_that_never_was_is_refused() -> None:
    body = "99900119900230001"
    assert "不存在" in identity.id_problem(body + identity.check_character(body))


def test_old_numbers_of_fifteen_digits_are_accepted_as_legacy() -> None:
    parts = identity.id_parts("999001580304123")
    assert parts == identity.IdParts(date(1958, 3, 4), "1", legacy=True)
    assert identity.id_problem("999001580304123", birth=date(1958, 3, 4), sex="1") == ""
    assert identity.id_problem("999001581304123") != ""


def test_pasted_numbers_are_tidied() -> None:
    assert identity.normalise_id(" １１０１０５１９４９１２３１００２ｘ ") == "11010519491231002X"
    assert identity.normalise_phone("１９９-0000 ７９１９") == "19900007919"


@given(births, st.integers(0, 999))
def test_masking_never_shows_birth_or_sequence(birth: date, sequence: int) -> None:
    good = number(birth, sequence)
    masked = identity.mask_id(good)
    assert len(masked) == len(good)
    assert masked[3:-2] == "*" * 13
    assert f"{birth:%m%d}" not in masked


@given(st.text(max_size=30))
def test_masking_hides_most_of_anything(text: str) -> None:
    for masked in (identity.mask_id(text), identity.mask_phone(text)):
        assert len(masked) == len(text)
        kept = sum(1 for shown, real in zip(masked, text, strict=True) if shown == real != "*")
        assert kept <= 5
        assert len(text) <= 6 or kept < len(text) - 1


def test_masked_names_keep_the_surname() -> None:
    assert [identity.mask_name(name) for name in ("", "王", "王小明")] == ["", "王", "王某"]


# --- fields -----------------------------------------------------------------------------------------------------------


def findings(**values: object) -> dict[str, str]:
    data = fields.tidied(fields.PersonData(**{"name": "王小明", **values}))  # type: ignore[arg-type]
    return {item.field: item.message for item in fields.data_findings(data, today=date(2026, 11, 22))}


def test_good_data_has_no_findings() -> None:
    assert (
        findings(sex="1", ethnicity="01", birth_date=date(1990, 5, 1), rank="中士", category="nco", dues_base=0) == {}
    )


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"name": ""}, "name", "请填写"),
        ({"name": "=1+1"}, "name", "开头"),
        ({"name": "王2"}, "name", "间隔号"),
        ({"name": "王" * 41}, "name", "不能超过"),
        ({"birth_date": date(2026, 11, 22)}, "birth_date", "不早于今天"),
        ({"birth_date": date(1900, 1, 1)}, "birth_date", "超过"),
        ({"rank": "上士"}, "rank", "二级上士"),
        ({"rank": "元帅"}, "rank", "没有“元帅”"),
        ({"rank": "中校", "category": "nco"}, "rank", "不符"),
        ({"phone": "1990abc"}, "phone", "位数字"),
        ({"dues_base": -1}, "dues_base", "负数"),
        ({"ethnicity": "77"}, "ethnicity", "列表"),
        ({"id_number": "123"}, "id_number", "18 位"),
    ],
)
def test_bad_data_is_named_field_by_field(values: dict[str, object], field: str, words: str) -> None:
    assert words in findings(**values)[field]


# --- admission --------------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 22)
LAWFUL = AdmissionDates(date(2018, 2, 28), date(2018, 6, 1), date(2019, 6, 1), date(2019, 9, 1), date(2020, 9, 1))


def codes_of(standing: str, dates: AdmissionDates, birth: date | None = date(1999, 1, 1)) -> set[tuple[str, str]]:
    found = admission_findings(standing, dates, birth=birth, today=TODAY)
    return {(item.field, item.code) for item in found if item.blocking}


def test_lawful_dates_have_no_findings() -> None:
    assert codes_of("full", LAWFUL) == set()


def test_months_are_clamped_to_the_end_of_the_month() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(2026, 11, 30), -12) == date(2025, 11, 30)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(-600, 600))
def test_months_move_the_month_and_never_past_it(day: date, months: int) -> None:
    moved_day = add_months(day, months)
    assert (moved_day.year * 12 + moved_day.month) - (day.year * 12 + day.month) == months
    assert moved_day.day <= day.day


def test_dates_at_the_calendar_s_end_are_found_to_be_to_come_and_break_nothing() -> None:
    dates = AdmissionDates(*[date.max] * 5)
    assert codes_of("full", dates, birth=date.max) >= {("accepted_on", "in_future"), ("full_on", "in_future")}


def test_application_on_the_eighteenth_birthday_is_lawful_and_a_day_before_is_not() -> None:
    birth = date(2004, 2, 29)
    assert codes_of("applicant", AdmissionDates(date(2022, 2, 28)), birth) == set()
    assert codes_of("applicant", AdmissionDates(date(2022, 2, 27)), birth) == {("applied_on", "under_age")}


def test_candidate_after_twelve_months_to_the_day() -> None:
    dates = AdmissionDates(date(2020, 1, 1), date(2020, 2, 29), date(2021, 2, 28))
    assert codes_of("candidate", dates) == set()
    early = AdmissionDates(date(2020, 1, 1), date(2020, 2, 29), date(2021, 2, 27))
    assert codes_of("candidate", early) == {("candidate_on", "too_soon")}


def test_the_clause_in_force_on_that_day_is_named() -> None:
    early = AdmissionDates(date(2025, 1, 1), date(2025, 6, 1), date(2026, 5, 20))
    finding = next(item for item in admission_findings("candidate", early, birth=None, today=TODAY) if item.blocking)
    assert "2026" in finding.clause
    assert (
        TEXTS("admission.activist_before_candidate", date(2020, 1, 1)).clause
        != TEXTS("admission.activist_before_candidate", TODAY).clause
    )


def test_probation_is_twelve_months_from_the_meeting() -> None:
    early = AdmissionDates(*LAWFUL._values()[:4], full_on=date(2020, 8, 31))
    assert codes_of("full", early) == {("full_on", "too_soon")}
    late = AdmissionDates(*LAWFUL._values()[:4], full_on=date(2022, 9, 1))
    found = admission_findings("full", late, birth=None, today=TODAY)
    assert [(item.code, item.blocking) for item in found] == [("too_late", False)]


def test_order_future_and_standing_are_checked() -> None:
    assert ("activist_on", "out_of_order") in codes_of("activist", AdmissionDates(date(2020, 5, 1), date(2020, 4, 30)))
    assert codes_of("applicant", AdmissionDates(date(2026, 11, 23))) == {("applied_on", "in_future")}
    assert codes_of("masses", AdmissionDates(date(2020, 5, 1))) == {("applied_on", "beyond_standing")}
    assert codes_of("full", AdmissionDates(*LAWFUL._values()[:4])) == {("full_on", "missing")}


def test_history_follows_the_dates() -> None:
    spans = admission.standing_history("full", LAWFUL)
    assert [(span.value, span.since, span.until) for span in spans] == [
        ("applicant", date(2018, 2, 28), date(2018, 6, 1)),
        ("activist", date(2018, 6, 1), date(2019, 6, 1)),
        ("candidate", date(2019, 6, 1), date(2019, 9, 1)),
        ("probationary", date(2019, 9, 1), date(2020, 9, 1)),
        ("full", date(2020, 9, 1), None),
    ]
    assert admission.standing_history("masses", AdmissionDates()) == [Span(None, None, "masses")]
    assert admission.standing_history("full", AdmissionDates(applied_on=date(2018, 1, 1))) == [Span(None, None, "full")]
    same_day = AdmissionDates(date(2020, 1, 1), date(2020, 1, 1))
    assert admission.standing_history("activist", same_day) == [Span(date(2020, 1, 1), None, "activist")]


@given(st.lists(st.dates(date(2000, 1, 1), TODAY), min_size=5, max_size=5), st.sampled_from(admission.STEPS))
def test_any_history_is_open_at_its_end_and_never_overlaps(days: list[date], standing: str) -> None:
    spans = admission.standing_history(standing, AdmissionDates(*sorted(days)))
    assert spans[-1].until is None
    assert spans[-1].value == standing
    assert not any(overlap(a, b) for i, a in enumerate(spans) for b in spans[i + 1 :])


@pytest.mark.parametrize(
    ("present", "since", "kind", "on", "code"),
    [
        ("applicant", date(2025, 1, 1), "activist", date(2025, 3, 1), None),
        ("applicant", date(2025, 1, 1), "candidate", date(2026, 3, 1), "not_next"),
        ("activist", date(2025, 6, 1), "candidate", date(2026, 5, 31), "too_soon"),
        ("activist", date(2025, 6, 1), "candidate", date(2026, 6, 1), None),
        ("probationary", date(2025, 6, 1), "full", date(2026, 5, 31), "too_soon"),
        ("probationary", date(2025, 6, 1), "full", date(2026, 6, 1), None),
        ("full", date(2025, 6, 1), "masses", date(2026, 6, 1), "not_next"),
        ("full", date(2025, 6, 1), "full", date(2026, 6, 1), "same"),
        ("applicant", date(2025, 6, 1), "activist", date(2025, 5, 31), "before_present"),
        ("applicant", date(2025, 6, 1), "activist", date(2026, 11, 23), "in_future"),
        ("masses", None, "applicant", date(2016, 12, 31), "under_age"),
    ],
)
def test_steps_between_standings(present: str, since: date | None, kind: str, on: date, code: str | None) -> None:
    finding = admission.standing_change_finding(
        [Span(since, None, present)], kind, on, birth=date(1999, 1, 1), today=TODAY
    )
    assert (finding.code if finding else None) == code


@pytest.mark.parametrize(
    ("between", "code"),
    [("candidate", None), ("applicant", "too_soon"), ("masses", "too_soon")],
)
def test_the_year_of_cultivation_counts_from_the_first_day_without_a_break(between: str, code: str | None) -> None:
    spans = [
        Span(date(2024, 6, 1), date(2025, 6, 1), "activist"),
        Span(date(2025, 6, 1), date(2026, 1, 1), between),
        Span(date(2026, 1, 1), None, "activist"),
    ]
    finding = admission.standing_change_finding(spans, "candidate", date(2026, 2, 1), birth=None, today=TODAY)
    assert (finding.code if finding else None) == code


def test_posts_need_full_membership_on_their_first_day() -> None:
    history = admission.standing_history("full", LAWFUL)

    def blocking(post: str, since: date, needs: bool = True) -> list[str]:
        found = admission.tenure_findings(
            post, needs_full_member=needs, standings=history, full_since=date(2020, 9, 1), since=since
        )
        return [item.code for item in found if item.blocking]

    assert blocking("书记", date(2020, 8, 31)) == ["not_full_member"]
    assert blocking("书记", date(2021, 9, 1)) == []
    assert blocking("组织干事", date(2019, 1, 1), needs=False) == []
    warned = admission.tenure_findings(
        "书记", needs_full_member=True, standings=history, full_since=date(2020, 9, 1), since=date(2021, 8, 31)
    )
    assert [(item.code, item.blocking) for item in warned] == [("short_party_age", False)]


# --- spans ------------------------------------------------------------------------------------------------------------

DAY = date(2020, 1, 1)
offsets = st.integers(0, 400)
changes = st.lists(st.tuples(offsets, st.sampled_from("ABC")), max_size=12)


@given(changes)
def test_any_sequence_of_moves_leaves_one_value_a_day(steps: list[tuple[int, str]]) -> None:
    history = [Span(DAY + timedelta(200), None, "A", key=0)]
    for offset, value in steps:
        on = DAY + timedelta(offset)
        before = list(history)
        after = moved(history, on, value)
        assert after is not None
        history = after
        found = at(history, on)
        assert found is not None
        assert found.value == value
        for earlier in (on - timedelta(1), on - timedelta(30)):
            was = at(before, earlier)
            assert (was.value if was else None) == (now.value if (now := at(history, earlier)) else None)
    assert sum(span.until is None for span in history) == 1
    for one, next_one in pairwise(history):
        assert one.until == next_one.since  # no gap, no overlap
        assert one.value != next_one.value or one.until != next_one.since


@given(changes, offsets)
def test_a_day_after_leaving_cannot_be_moved(steps: list[tuple[int, str]], offset: int) -> None:
    history = [Span(DAY, None, "A")]
    for when, value in steps:
        history = moved(history, DAY + timedelta(when), value) or history
    gone = ended(history, DAY + timedelta(500))
    assert gone is not None
    assert moved(gone, DAY + timedelta(500 + offset), "B") is None
    assert moved(gone, DAY + timedelta(offset), "B") is not None


def test_keys_of_kept_rows_stay() -> None:
    history = [Span(DAY, date(2021, 1, 1), "A", key="a"), Span(date(2021, 1, 1), None, "B", key="b")]
    after = moved(history, date(2020, 6, 1), "B")
    assert after == [Span(DAY, date(2020, 6, 1), "A", key="a"), Span(date(2020, 6, 1), None, "B", key="b")]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((1, 5), (5, 9), False),
        ((1, 5), (4, 9), True),
        ((1, None), (9, None), True),
        ((None, 5), (1, 2), True),
        ((5, 5), (1, 9), False),
    ],
)
def test_overlap_is_half_open(one: tuple, other: tuple, expected: bool) -> None:
    def span(pair: tuple) -> Span:
        return Span(*(None if n is None else DAY + timedelta(n) for n in pair), value="x")

    assert overlap(span(one), span(other)) is expected
    assert overlap(span(other), span(one)) is expected
