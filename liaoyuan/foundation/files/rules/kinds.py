"""Which kinds of file there are, and telling them by their content; the name's extension must agree."""

import codecs
import json
from enum import StrEnum
from typing import IO

import filetype

from liaoyuan.foundation.files.rules.archives import zip_content_problems, zip_entries, zip_problems
from liaoyuan.foundation.files.rules.names import extension

_HEAD = 8192
_CHUNK = 256 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_CONTROLS = frozenset("\t\n\r\f\ufeff")
_GEO_TYPES = frozenset(
    {
        "FeatureCollection",
        "Feature",
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    }
)


class FileKind(StrEnum):
    """A kind of file that some page may take."""

    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"
    CSV = "csv"
    TEXT = "text"
    GEOJSON = "geojson"

    @property
    def content_type(self) -> str:
        """What it is served as."""
        return _CONTENT_TYPES[self]

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions its name may have; the first is the one to advise."""
        return _EXTENSIONS[self]

    @property
    def label(self) -> str:
        """Words for people."""
        return _LABELS[self]

    @property
    def inline(self) -> bool:
        """Whether a browser may show it in place: pictures that cannot run anything. A PDF can, so it is not one."""
        return self in {FileKind.PNG, FileKind.JPEG, FileKind.WEBP}


_OFFICE = "application/vnd.openxmlformats-officedocument."
_CONTENT_TYPES = {
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.PDF: "application/pdf",
    FileKind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    FileKind.DOCX: f"{_OFFICE}wordprocessingml.document",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
    FileKind.GEOJSON: "application/geo+json",
}
_EXTENSIONS = {
    FileKind.PNG: ("png",),
    FileKind.JPEG: ("jpg", "jpeg"),
    FileKind.WEBP: ("webp",),
    FileKind.PDF: ("pdf",),
    FileKind.XLSX: ("xlsx",),
    FileKind.DOCX: ("docx",),
    FileKind.CSV: ("csv",),
    FileKind.TEXT: ("txt",),
    FileKind.GEOJSON: ("geojson", "json"),
}
_LABELS = {
    FileKind.PNG: "PNG 图片",
    FileKind.JPEG: "JPEG 图片",
    FileKind.WEBP: "WebP 图片",
    FileKind.PDF: "PDF 文档",
    FileKind.XLSX: "Excel 工作簿（.xlsx）",
    FileKind.DOCX: "Word 文档（.docx）",
    FileKind.CSV: "CSV 表格",
    FileKind.TEXT: "纯文本",
    FileKind.GEOJSON: "GeoJSON 地图数据",
}
_BY_MIME = {_CONTENT_TYPES[kind]: kind for kind in (FileKind.PNG, FileKind.JPEG, FileKind.WEBP, FileKind.PDF)}
_BY_PART = {"xl/workbook.xml": FileKind.XLSX, "word/document.xml": FileKind.DOCX}


class UnfitError(Exception):
    """The file is not what a page can take; the text says why and what to do."""


class Sniffer:
    """Tells a file's kind by its content alone. ``name`` only decides between kinds that are all plain text."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file = file
        self.extension = extension(name)

    def kind(self) -> FileKind:
        """The kind. Raises UnfitError where it is none of ours, is damaged or dangerous, or the extension lies."""
        self.file.seek(0)
        head = self.file.read(_HEAD)
        if not head:
            raise UnfitError("文件是空的，没有任何内容。请检查后重新选择文件。")
        kind = self._by_head(head)
        if self.extension not in kind.extensions:
            given = f"扩展名是“.{self.extension}”" if self.extension else "没有扩展名"
            raise UnfitError(
                f"这个文件的内容是{kind.label}，但{given}，两者不符。"
                f"请用正确的软件另存为“.{kind.extensions[0]}”后再上传。"
            )
        return kind

    def _by_head(self, head: bytes) -> FileKind:
        if head.startswith(_OLE):
            raise UnfitError(
                "这是旧版或加密的 Office 文件（.xls / .doc）。请用办公软件打开，另存为“.xlsx”或“.docx”后再上传。"
            )
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return self._office()
        guess = filetype.guess(head)
        if guess is not None:
            kind = _BY_MIME.get(guess.mime)
            if kind is None:
                raise UnfitError(f"不接受这种文件（{guess.mime}）。请换成页面上所收的格式再上传。")
            return kind
        return self._text()

    def _office(self) -> FileKind:
        try:
            self.file.seek(0)
            entries = zip_entries(self.file)
        except ValueError as error:
            raise UnfitError(str(error)) from error
        problems = zip_problems(entries)
        if not problems:
            self.file.seek(0)
            problems = zip_content_problems(self.file)
        if problems:
            raise UnfitError(problems[0].sentence)
        names = {entry.name.replace("\\", "/").lower().lstrip("/") for entry in entries}
        for part, kind in _BY_PART.items():
            if part in names:
                return kind
        raise UnfitError("这是压缩包或不认识的 Office 文件。请上传 .xlsx 或 .docx 文件本身，不要打包。")

    def _text(self) -> FileKind:
        if not any(self._reads_as(encoding) for encoding in ("utf-8-sig", "gb18030")):
            raise UnfitError("认不出这个文件的类型：它既不是图片、PDF、Office 文档，也不是文本。请核对是否选错了文件。")
        if self.extension == "csv":
            return FileKind.CSV
        if self.extension in FileKind.GEOJSON.extensions:
            return self._geojson()
        return FileKind.TEXT

    def _reads_as(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        self.file.seek(0)
        try:
            while True:
                chunk = self.file.read(_CHUNK)
                text = decoder.decode(chunk, final=not chunk)
                if any((char < " " and char not in _TEXT_CONTROLS) or char == "\x7f" for char in set(text)):
                    return False
                if not chunk:
                    return True
        except UnicodeDecodeError:
            return False

    def _geojson(self) -> FileKind:
        self.file.seek(0)
        try:
            data = json.load(self.file)
        except (ValueError, RecursionError) as error:
            raise UnfitError("不是合法的 JSON：无法读取。请检查文件是否完整。") from error
        if not isinstance(data, dict) or data.get("type") not in _GEO_TYPES:
            raise UnfitError("是 JSON，但不是 GeoJSON：最外层应为 FeatureCollection 等类型。")
        return FileKind.GEOJSON
