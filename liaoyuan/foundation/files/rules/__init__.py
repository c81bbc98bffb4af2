"""What may be stored and under which name: pure functions, no Django."""

from liaoyuan.foundation.files.rules.archives import (
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_TOTAL,
    ZipEntry,
    ZipProblem,
    zip_content_problems,
    zip_entries,
    zip_problems,
)
from liaoyuan.foundation.files.rules.kinds import FileKind, Sniffer, UnfitError
from liaoyuan.foundation.files.rules.names import clean_name, extension

__all__ = [
    "MAX_ENTRIES",
    "MAX_RATIO",
    "MAX_TOTAL",
    "FileKind",
    "Sniffer",
    "UnfitError",
    "ZipEntry",
    "ZipProblem",
    "clean_name",
    "extension",
    "zip_content_problems",
    "zip_entries",
    "zip_problems",
]
