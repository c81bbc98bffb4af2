"""Codes as people write them down."""

import pytest

from liaoyuan.desk.oversight.rules import read_codes

CODE = "0f1e2d3c4b5a6978"


@pytest.mark.parametrize("line", [f"12:{CODE}", f" 12 ： {CODE.upper()} ", f"第12条 {CODE}", f"12 {CODE}"])
def test_a_code_is_read_however_it_was_written_down(line):
    assert read_codes(f"\n{line}\n\n") == {12: CODE}


def test_several_codes_and_none():
    assert read_codes(f"1:{CODE}\n2:{CODE}") == {1: CODE, 2: CODE}
    assert read_codes("") == {}


@pytest.mark.parametrize("line", ["12", CODE, f"12:{CODE}ff", "12:xyz", f"-1:{CODE}", f"{'9' * 30}:{CODE}"])
def test_a_wrong_line_is_named(line):
    with pytest.raises(ValueError, match=line[:10]):
        read_codes(f"1:{CODE}\n{line}")
