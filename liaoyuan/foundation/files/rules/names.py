"""File names as people may see and save them."""

import unicodedata

MAX_LENGTH = 160
_FORBIDDEN = '<>:"/\\|?*'
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_MAX_EXTENSION = 12


def extension(name: str) -> str:
    """The last extension in small letters without its dot; "" where there is none."""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem and len(last) <= _MAX_EXTENSION else ""


def clean_name(name: str) -> str:
    """``name`` without folders, control and invisible characters (a right-to-left override can make "gpj.exe" read
    "exe.jpg"), characters that Windows refuses, leading dots; at most 160 characters, the extension kept."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    text = text.replace("\\", "/").rpartition("/")[2]
    text = "".join(" " if char.isspace() else char for char in text if char.isspace() or _visible(char))
    text = "".join("_" if char in _FORBIDDEN else char for char in text)
    text = " ".join(text.split()).strip(". ")
    ending = extension(text)
    stem = text[: -len(ending) - 1].rstrip(". ") if ending else text
    if not stem:
        stem = "未命名"
    if stem.lower() in _RESERVED:
        stem = f"_{stem}"
    room = MAX_LENGTH - (len(ending) + 1 if ending else 0)
    return f"{stem[:room].rstrip()}.{ending}" if ending else stem[:room].rstrip()


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
