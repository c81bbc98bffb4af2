"""Before a workbook is opened: is it one, may it be one of ours, and how much will it take to read.

The reader that follows holds a sheet as a dense block, so one cell at XFD1048576 would ask for gigabytes: positions
are therefore counted here, from the stream, in constant memory.
"""

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO

from liaoyuan.foundation.files.rules import zip_entries, zip_problems

MAX_ROWS = 400_000
MAX_CELLS = 14_000_000
# What files.rules calls a container's fault, in our kinds; anything else there is a bomb.
_KINDS = {"macros": "macros", "encrypted": "encrypted", "damaged": "damaged"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STEP = 1 << 20
_OVERLAP = 64
# Rows from 100000 on and columns from AA on: ordinary sheets have few, so looking for only these costs little.
_FAR = re.compile(rb""" r=["']([A-Z]{2,3}\d+|[A-Z]?\d{6,})["']""")
_CELL = re.compile(rb"([A-Z]*)(\d+)")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = rb"""<(?:\w+:)?f(?:>[^<]*</(?:\w+:)?f>|[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"""
_NO_VALUE = rb"""\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
_UNCACHED = re.compile(rb"""<(?:\w+:)?c r=["']([A-Z]{1,3}\d{1,7})["'][^>]*>\s*""" + _FORMULA + _NO_VALUE)
_ERROR = re.compile(rb"""<(?:\w+:)?c r=["']([A-Z]{1,3}\d{1,7})["'][^>]*? t=["']e["']""")


class UnreadableError(Exception):
    """The file cannot be read as a roster. ``kind`` is a key of ``messages.KINDS``; ``values`` fill its sentence."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.values = values


class Passport:
    """What the inspection learned: the 1904 date system, and by sheet part the cells whose value the reader would give
    as empty: formulas nobody has calculated yet, and formulas that came to an error (#N/A)."""

    def __init__(self) -> None:
        self.date1904 = False
        self.uncached: dict[str, set[str]] = {}
        self.failed: dict[str, set[str]] = {}


def inspect(source: Path | bytes) -> Passport:
    """Refuse what is no workbook, is encrypted, carries macros or entities, or would unpack to too much.

    Raises UnreadableError. Reads every member once as a stream, so a header that lies about sizes is found out too.
    """
    with _open(source) as file:
        start = file.read(8)
        if start == _OLE:
            file.seek(0)
            raise UnreadableError("encrypted" if _is_encrypted(file) else "old_format")
        if start[:4] != b"PK\x03\x04":
            raise UnreadableError("empty_file" if not start else "not_a_workbook")
        try:
            return _inspect(file)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            raise UnreadableError("damaged") from error


def _open(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _is_encrypted(file: BinaryIO) -> bool:
    name = "EncryptedPackage".encode("utf-16-le")
    tail = b""
    while chunk := file.read(_STEP):
        if name in tail + chunk:
            return True
        tail = chunk[-len(name) :]
    return False


def _inspect(file: BinaryIO) -> Passport:
    try:
        entries = zip_entries(file)
    except ValueError as error:
        raise UnreadableError("damaged") from error
    for problem in zip_problems(entries):
        raise UnreadableError(_KINDS.get(problem.kind, "zip_bomb"), why=problem.sentence)
    names = {entry.name.lower() for entry in entries}
    if any(name.endswith("vbadata.xml") or "macrosheets/" in name for name in names):
        raise UnreadableError("macros")
    if "xl/workbook.xml" not in names:
        raise UnreadableError("not_xlsx" if names & {"xl/workbook.bin", "content.xml"} else "not_a_workbook")
    passport = Passport()
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                _read(member.filename, stream, passport)
    return passport


def _read(name: str, stream: BinaryIO | IO[bytes], passport: Passport) -> None:
    sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    markup = name.endswith((".xml", ".rels"))
    last_row, last_column, rows, tail, first = 0, 26, 0, b"", True
    while chunk := stream.read(_STEP):
        if first and markup and _ENTITY.search(chunk[:4096]):
            raise UnreadableError("entities")
        if first and name == "[Content_Types].xml" and b"macroEnabled" in chunk:
            raise UnreadableError("macros")
        if first and name == "xl/workbook.xml":
            passport.date1904 = bool(re.search(rb"""date1904=["'](?:1|true)""", chunk))
        first = False
        if not sheet:
            continue
        rows += chunk.count(b"<row") + chunk.count(b":row ")
        window = tail + chunk
        for found in _FAR.finditer(window):
            letters, digits = _CELL.fullmatch(found[1]).groups()  # type: ignore[union-attr]  # same alphabet
            last_row, last_column = max(last_row, int(digits)), max(last_column, column_number(letters.decode()))
        if b"<f" in window or b":f>" in window or b":f " in window:
            passport.uncached.setdefault(name, set()).update(cell[1].decode() for cell in _UNCACHED.finditer(window))
        if b't="e"' in window or b"t='e'" in window:
            passport.failed.setdefault(name, set()).update(cell[1].decode() for cell in _ERROR.finditer(window))
        tail = window[-max(_OVERLAP, _open_cell(window)) :]
        last_row = max(last_row, rows)
        if last_row > MAX_ROWS or last_row * last_column > MAX_CELLS:
            while stream.read(_STEP):  # a damaged stream may hold anything: the check sum at its end tells
                pass
            kind, limit = ("too_many_rows", MAX_ROWS) if last_row > MAX_ROWS else ("too_large", MAX_CELLS)
            raise UnreadableError(kind, limit=limit)


def _open_cell(window: bytes) -> int:
    """Length of the cell that the window cuts off, so that the next one sees it whole (bounded: no huge cells)."""
    start = max(window.rfind(b"<c "), window.rfind(b":c "))
    return min(len(window) - start + 8, 1 << 16) if start >= 0 else 0


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27; "" → 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
