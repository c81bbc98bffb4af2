"""Templates: nothing from outside, nothing inline, every word translatable."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, name, templates

TEMPLATES = templates()
_HAN = re.compile(r"[\u3400-\u9fff]")
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_BLOCKTRANSLATE = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
_COMMENT = re.compile(r"\{%\s*comment\b.*?\{%\s*endcomment\s*%\}|<!--.*?-->|\{#.*?#\}", re.DOTALL)
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_OUTSIDE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9]", re.IGNORECASE)
_INLINE = re.compile(r"<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>|<style\b|\sstyle=|\son[a-z]+=", re.I)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_loads_nothing_from_outside(path: Path) -> None:
    assert not _OUTSIDE.findall(_COMMENT.sub("", path.read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_nothing_inline(path: Path) -> None:
    """The Content-Security-Policy allows scripts and styles from our own files only."""
    assert not _INLINE.findall(_COMMENT.sub("", path.read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_word_of_a_template_is_translatable(path: Path) -> None:
    """Chinese stands inside ``{% translate %}`` or ``{% blocktranslate %}``; elsewhere none is left."""
    if path.name == "gallery.html":
        return  # shown in development only
    text = _BLOCKTRANSLATE.sub("", _COMMENT.sub("", path.read_text()))
    bare = _TAG.sub("", text)
    assert not [line.strip() for line in bare.splitlines() if _HAN.search(line)]
    for tag in _TAG.findall(text):
        words = [word for word in _STRING.findall(tag) if _HAN.search(word)]
        if words and not re.match(r"\{%\s*(?:translate|trans)\b", tag):
            # As an argument, a word is marked by _(): {% include "…" with title=_("…") %}.
            assert all(f"_({word})" in tag for word in words), tag


def test_a_page_stands_in_a_frame() -> None:
    """Only the kernel's two frames and the wall screen (no menu) write ``<html>``; every page extends one."""
    stray = []
    for path in TEMPLATES:
        part = path.name.startswith("_") or path.name == "wall.html" or path.suffix != ".html"
        if part or path.is_relative_to(PACKAGE / "kernel"):
            continue
        text = _COMMENT.sub("", path.read_text()).lstrip()  # a comment may list the parameters first
        if "<html" in text or not re.match(r"\{%\s*extends\s+\S", text):
            stray.append(name(path))
    assert not stray
