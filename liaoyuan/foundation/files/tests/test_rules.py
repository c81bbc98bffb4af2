"""Names, kinds and containers."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.files.rules import (
    FileKind,
    Sniffer,
    UnfitError,
    ZipEntry,
    clean_name,
    extension,
    zip_content_problems,
    zip_entries,
    zip_problems,
)
from liaoyuan.foundation.files.tests.factories import GEOJSON, JPEG, PDF, PNG, WEBP, docx, xlsx, zipped

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("名册.xlsx", "名册.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\名册.xlsx", "名册.xlsx"),
        ("名册\u202excod.exe", "名册xcod.exe"),
        ("a\u200bb\ufeff.csv", "ab.csv"),
        ("a\x00b\r\nc.csv", "ab c.csv"),
        ("  . .x.txt. ", "x.txt"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("", "未命名"),
        ("...", "未命名"),
        ("/", "未命名"),
        (".xlsx", "xlsx"),
        ("阿依古丽·买买提.png", "阿依古丽·买买提.png"),
        ("字" * 300 + ".xlsx", "字" * 155 + ".xlsx"),
        ("a\ud800.txt", "a_.txt"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_are_cleaned(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text())
def test_a_cleaned_name_is_always_safe_and_stays_as_it_is(text):
    name = clean_name(text)
    assert 0 < len(name) <= 160
    assert not set(name) & set('<>:"/\\|?*\x00\r\n\u202e')
    assert clean_name(name) == name


def test_extensions_are_the_last_part_in_small_letters():
    assert [extension(name) for name in ("a.XLSX", "a.tar.gz", "a", ".profile", "a.", "a.b/c.thisisnoextension")] == [
        "xlsx",
        "gz",
        "",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PNG, "a.png", FileKind.PNG),
        (JPEG, "a.JPG", FileKind.JPEG),
        (JPEG, "a.jpeg", FileKind.JPEG),
        (WEBP, "a.webp", FileKind.WEBP),
        (PDF, "a.pdf", FileKind.PDF),
        (xlsx(), "a.xlsx", FileKind.XLSX),
        (docx(), "a.docx", FileKind.DOCX),
        ("姓名,支部\n".encode(), "a.csv", FileKind.CSV),
        ("姓名,支部\n".encode("gb18030"), "a.csv", FileKind.CSV),
        ("\ufeff姓名".encode(), "a.txt", FileKind.TEXT),
        (GEOJSON, "a.geojson", FileKind.GEOJSON),
        (GEOJSON, "a.json", FileKind.GEOJSON),
    ],
)
def test_the_kind_is_told_by_the_content(data, name, kind):
    assert Sniffer(io.BytesIO(data), name).kind() is kind


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.xlsx", "空的"),
        (PNG, "a.jpg", "两者不符"),
        (PNG, "a", "没有扩展名"),
        (xlsx(), "a.docx", "两者不符"),
        (b"hello", "a.xlsx", "两者不符"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "两者不符"),
        (b"<html><script>alert(1)</script>", "a.html", "两者不符"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 64, "a.xlsx", "不接受"),
        (b"MZ" + b"\x00" * 200, "a.png", "不接受"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.xls", "另存为“.xlsx”"),
        (b"PK\x03\x04 broken", "a.xlsx", "损坏"),
        (xlsx()[:-10], "a.xlsx", "损坏"),
        (zipped({"a.txt": b"x"}), "a.xlsx", "压缩包"),
        (zipped({"a.txt": b"x"}), "a.zip", "压缩包"),
        (xlsx(**{"xl/vbaProject.bin": b"x"}), "a.xlsx", "宏"),
        (b"\x00\x01\x02\x03binary", "a.txt", "认不出"),
        (b"\xff\xfe\xfa\xfb\xff", "a.csv", "认不出"),
        (b"text\x00more", "a.csv", "认不出"),
        (b'{"type": "Topology"}', "a.geojson", "不是 GeoJSON"),
        (b"[1, 2]", "a.json", "不是 GeoJSON"),
        (b"{broken", "a.json", "不是合法的 JSON"),
        (b"[" * 100_000, "a.json", "不是合法的 JSON"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(data, name, words):
    with pytest.raises(UnfitError, match=words):
        Sniffer(io.BytesIO(data), name).kind()


def test_text_that_hides_bytes_past_the_head_is_no_text():
    with pytest.raises(UnfitError, match="认不出"):
        Sniffer(io.BytesIO(b"a" * 300_000 + b"\x00" + b"a"), "a.txt").kind()


def test_a_chinese_character_across_a_chunk_is_still_text():
    data = ("x" + "党" * 200_000).encode()
    assert Sniffer(io.BytesIO(data), "a.txt").kind() is FileKind.TEXT


def kinds(entries, **limits) -> list[str]:
    return [problem.kind for problem in zip_problems(entries, **limits)]


def test_an_ordinary_workbook_has_no_problem():
    entries = zip_entries(io.BytesIO(xlsx()))
    assert [entry.name for entry in entries] == ["[Content_Types].xml", "xl/workbook.xml"]
    assert zip_problems(entries) == []
    assert zip_content_problems(io.BytesIO(xlsx())) == []


def test_limits_are_inclusive():
    assert kinds([ZipEntry("a", 100, 100)] * 3, max_entries=3) == ["overlap"]
    assert kinds([ZipEntry(f"{n}", 100, 0, offset=n) for n in range(3)], max_entries=3, max_total=300) == []
    assert kinds([ZipEntry(f"{n}", 100, 0, offset=n) for n in range(3)], max_entries=2, max_total=299) == [
        "entries",
        "total",
    ]


def test_a_bomb_shows_by_its_ratio_over_all_and_for_one_part():
    assert kinds([ZipEntry("xl/a.xml", 300 * MB, 1 * MB)]) == ["ratio"]
    assert kinds([ZipEntry("xl/a.xml", 200 * MB, 1 * MB)]) == []
    many = [ZipEntry("pad", 90 * MB, 90 * MB, offset=0), ZipEntry("bomb", 300 * MB, MB, offset=90 * MB)]
    assert kinds(many) == ["ratio"]
    assert kinds([ZipEntry("small", 9 * MB, 1)]) == []  # a megabyte of blanks is no bomb


def test_overlapping_parts_are_refused():
    assert kinds([ZipEntry("a", 10, 10, offset=0), ZipEntry("b", 10, 10, offset=5)]) == ["overlap"]
    assert kinds([ZipEntry("a", 10, 10, offset=0), ZipEntry("b", 10, 10, offset=10)]) == []


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:\\a", "\\\\server\\a", "a\\..\\b"])
def test_paths_that_climb_out_are_refused(name):
    assert kinds([ZipEntry(name, 1, 1)]) == ["path"]


def test_passwords_and_macros_are_refused():
    assert kinds([ZipEntry("a", 1, 1, encrypted=True)]) == ["encrypted"]
    assert kinds([ZipEntry("xl/VBAProject.bin", 1, 1)]) == ["macros"]
    assert kinds([ZipEntry("xl/vbaProject.bin", 1, 1)], allow_macros=True) == []


def test_a_real_bomb_is_refused_without_being_unpacked():
    data = zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b"\x00" * (30 * MB)})
    assert len(data) < MB
    assert kinds(zip_entries(io.BytesIO(data))) == ["ratio"]


def test_a_container_that_lies_about_its_sizes_is_found():
    data = bytearray(xlsx(**{"xl/big.xml": b"x" * 5000}))
    at = data.rindex(b"PK\x01\x02")  # the last entry's size in the directory
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert zip_problems(zip_entries(io.BytesIO(data))) == []
    assert [problem.kind for problem in zip_content_problems(io.BytesIO(data))] == ["damaged"]


def test_unpacking_to_nowhere_stops_at_the_limit():
    data = zipped({"a": b"\x00" * (3 * MB)})
    assert [problem.kind for problem in zip_content_problems(io.BytesIO(data), max_total=2 * MB)] == ["total"]


def test_a_damaged_directory_is_a_sentence():
    for data in (b"", b"PK", b"PK\x05\x06" + b"\xff" * 18, xlsx()[:50]):
        with pytest.raises(ValueError, match="损坏"):
            zip_entries(io.BytesIO(data))


def test_a_nested_zip_counts_as_its_packed_size():
    inner = zipped({"bomb": b"\x00" * (20 * MB)})
    assert zip_problems(zip_entries(io.BytesIO(xlsx(**{"xl/inner.zip": inner})))) == []
    assert zipfile.is_zipfile(io.BytesIO(inner))
