"""Every kind of error pydantic knows has a Chinese sentence, with its bound where there is one."""

from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from liaoyuan.kernel.http.parameter_words import parameter_words

BOUNDS = dict.fromkeys(("min_length", "max_length", "gt", "ge", "lt", "le"), 7) | {"expected": "'a' or 'b'"}


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_no_kind_answers_in_english(kind: str) -> None:
    words = parameter_words(kind, BOUNDS)
    assert words.endswith("。")
    assert "{" not in words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("string_too_long", "最多 7 个字。"),
        ("greater_than_equal", "应不小于 7。"),
        ("int_parsing", "应为整数。"),
        ("date_from_datetime_parsing", "应为日期，如 2026-03-05。"),
        ("enum", "应为 'a'、'b' 之一。"),
        ("a_kind_of_tomorrow", "值不符合要求。"),
    ],
)
def test_words_of_a_kind(kind: str, words: str) -> None:
    assert parameter_words(kind, BOUNDS) == words
