"""What ``make setup`` takes for done."""

import sys

import pytest

from scripts import environment


def test_a_patch_of_python_does_not_install_everything_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a bare machine python3.11-venv brings python3.11 up to date in the middle of the first run."""
    before = environment.inputs()
    monkeypatch.setattr(sys, "version", "3.11.2 (main, another day) [GCC 12.2.0]")
    assert environment.inputs() == before


def test_another_python_does(monkeypatch: pytest.MonkeyPatch) -> None:
    before = environment.inputs()
    other = type(sys.implementation)(**{**vars(sys.implementation), "cache_tag": "cpython-399"})
    monkeypatch.setattr(sys, "implementation", other)
    assert environment.inputs() != before
