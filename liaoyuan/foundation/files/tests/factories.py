"""Files of every kind, made in memory."""

import io
import struct
import zipfile
import zlib
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.foundation.files import gates
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import EVERYWHERE, Actor

GATE = "tests.gate"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + _chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 32 + b"\xff\xd9"
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 32
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GEOJSON = b'{"type": "FeatureCollection", "features": []}'


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, data in parts.items():
            container.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)  # the same bytes at any time
    return buffer.getvalue()


def xlsx(**more: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **more})


def docx() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def upload(data: bytes, name: str = "名册.xlsx") -> SimpleUploadedFile:
    file = SimpleUploadedFile("x", data)
    file._name = name  # the name a hostile client sends: Django's own cleaning is not relied upon
    return file


def actor(name: str = "甲", user_id: UUID | None = None, *capabilities: str) -> Actor:
    return Actor(user_id=user_id, name=name, grants=dict.fromkeys(capabilities, EVERYWHERE))


def open_gate(allow: set[str]) -> None:
    """A gate that lets the owner of a key in, refuses others in scope, and hides "hidden"."""

    def decide(who: Actor, key: str) -> Decision:
        if key == "hidden":
            raise NotInScope()
        return Allowed() if who.name in allow else Denied("这份文件只有经办人可以下载。")

    gates.register(GATE, decide)


def key() -> str:
    return str(new_id())
