"""A damaged regulation stops ``doctor`` with file and line; a rule file that cannot be read stops every command."""

import shutil
from pathlib import Path

import pytest

from liaoyuan.config import doctor
from liaoyuan.config.cli.errors import WRONG, explain
from liaoyuan.foundation.regulations import selectors
from liaoyuan.organisation.duties.rules.declared import RuleError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the regulations that may be damaged."""
    copy = tmp_path / "data"
    shutil.copytree(selectors.FOLDER, copy)
    monkeypatch.setattr(selectors, "FOLDER", copy)
    selectors.documents.cache_clear()
    yield copy
    monkeypatch.undo()
    selectors.documents.cache_clear()


def test_the_rule_book_as_it_comes_is_whole(folder: Path) -> None:
    assert [finding.level for finding in doctor._rule_book()] == ["ok"]


def test_a_wrong_value_is_named_with_file_and_line(folder: Path) -> None:
    file = folder / "admission-2026.toml"
    file.write_text(file.read_text().replace('value = "P1M"', 'value = "一个月"', 1))
    (finding,) = doctor._rule_book()
    assert finding.level == "error"
    assert "admission-2026.toml 第" in finding.message
    assert "一个月" in finding.message


def test_a_parameter_that_a_rule_cites_and_no_text_holds_is_an_error(folder: Path) -> None:
    for file in folder.glob("admission-*.toml"):
        file.write_text(file.read_text().replace('key = "talk_within"', 'key = "talk_sometime"'))
    (finding,) = doctor._rule_book()
    assert finding.level == "error"
    assert "DM-03" in finding.message
    assert "admission.talk_within" in finding.message


def test_a_rule_file_that_cannot_be_read_is_a_sentence() -> None:
    assert explain(RuleError("branch.toml 规则 BR-02：缺少 title")) == (
        WRONG,
        "✗ 法规或提醒规则文件有误：branch.toml 规则 BR-02：缺少 title。请恢复安装包里的原文件。",
    )
