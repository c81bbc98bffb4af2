"""What a PDF of weasyprint's says, page by page: enough of a reader to prove that its text can be found and copied."""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(\S+) [\d.]+ Tf|\[(.*?)\] ?TJ|(<[0-9a-fA-F]+>) ?Tj", re.DOTALL)


def pages(pdf: bytes) -> list[str]:
    """The text of every page, without spaces between lines."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    for body in list(objects.values()):
        if b"/ObjStm" in body:
            objects |= _packed(body)
    found = []
    for number in _kids(objects):
        page = objects[number]
        fonts = {
            name: _glyphs(objects, int(font)) for name, font in re.findall(rb"/(\S+) (\d+) 0 R", _fonts(objects, page))
        }
        contents = re.search(rb"/Contents (\d+) 0 R", page)
        assert contents
        found.append(_text(_stream(objects[int(contents[1])]), fonts))
    return found


def _kids(objects: dict[int, bytes]) -> list[int]:
    tree = next(body for body in objects.values() if b"/Type /Pages" in body)
    kids = re.search(rb"/Kids \[(.*?)\]", tree, re.DOTALL)
    assert kids
    return [int(number) for number in re.findall(rb"(\d+) 0 R", kids[1])]


def _fonts(objects: dict[int, bytes], page: bytes) -> bytes:
    named = re.search(rb"/Resources (\d+) 0 R", page)
    resources = objects[int(named[1])] if named else page
    given = re.search(rb"/Font (?:(\d+) 0 R|<<(.*?)>>)", resources, re.DOTALL)
    assert given
    return objects[int(given[1])] if given[1] else given[2]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]


def _packed(body: bytes) -> dict[int, bytes]:
    data = _stream(body)
    count, first = (int(re.search(rb"/%s (\d+)" % key, body)[1]) for key in (b"N", b"First"))  # type: ignore[index]
    numbers = [int(part) for part in data[:first].split()][: 2 * count]
    offsets = [*numbers[1::2], len(data) - first]
    return {number: data[first + offsets[at] : first + offsets[at + 1]] for at, number in enumerate(numbers[0::2])}


def _glyphs(objects: dict[int, bytes], font: int) -> dict[int, str]:
    named = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    assert named, "a font without ToUnicode: its text cannot be searched"
    table = _stream(objects[int(named[1])])
    return {
        int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL)
        for glyph, text in re.findall(rb"<([0-9a-fA-F]+)> ?<([0-9a-fA-F]+)>", block)
    }


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    glyphs: dict[int, str] = {}
    found = []
    for font, several, one in _SHOWN.findall(content):
        if font:
            glyphs = fonts[font]
            continue
        for shown in re.findall(rb"<([0-9a-fA-F]+)>", several or one):
            text = shown.decode()
            found += [glyphs.get(int(text[at : at + 4], 16), "") for at in range(0, len(text), 4)]
    return "".join(found)
