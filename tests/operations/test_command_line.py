"""The command line speaks the user's language when something is given that is not there."""

from pathlib import Path

import pytest

from liaoyuan.config.cli.errors import WRONG, Refused, existing


def test_a_file_that_is_there_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "名册.xlsx"
    file.touch()
    assert existing(file) == file


@pytest.mark.parametrize(("name", "words"), [("没有.xlsx", "找不到文件"), ("", "是文件夹")])
def test_what_is_no_file_is_refused_in_words(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        existing(tmp_path / name)
    assert refused.value.code == WRONG
