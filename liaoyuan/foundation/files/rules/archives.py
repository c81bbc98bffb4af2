"""What makes a zip container (xlsx, docx) dangerous to open: bombs, paths that climb out, encryption, macros."""

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import IO

MAX_ENTRIES = 5_000
MAX_TOTAL = 1024 * 1024 * 1024  # bytes unpacked; a roster of 100,000 people unpacks to about 150 MB
MAX_RATIO = 200  # unpacked : packed; spreadsheets reach 30, repetitive ones 100
_BOMB = "疑为压缩炸弹，已拒绝。若确是自己的文件，请把内容复制到新建的文件，另存后再上传。"
_RATIO_FROM = 10 * 1024 * 1024  # small files may be as repetitive as they like
_MB = 1024 * 1024
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One entry as the container's directory describes it. ``size`` and ``packed`` in bytes; ``offset`` of its local
    header."""

    name: str
    size: int
    packed: int
    encrypted: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class ZipProblem:
    """Why a container is refused. ``kind``: damaged, entries, total, ratio, overlap, path, encrypted, macros, lies."""

    kind: str
    sentence: str


def zip_entries(file: IO[bytes]) -> list[ZipEntry]:
    """The directory of the container ``file``, nothing unpacked. Raises ValueError where it is damaged."""
    try:
        with zipfile.ZipFile(file) as container:
            return [
                ZipEntry(
                    info.filename, info.file_size, info.compress_size, bool(info.flag_bits & 1), info.header_offset
                )
                for info in container.infolist()
            ]
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ValueError("文件已损坏，无法打开（不是完整的压缩容器）。请重新保存后再上传。") from error


def zip_problems(
    entries: Iterable[ZipEntry],
    *,
    max_total: int = MAX_TOTAL,
    max_ratio: int = MAX_RATIO,
    max_entries: int = MAX_ENTRIES,
    allow_macros: bool = False,
) -> list[ZipProblem]:
    """Every reason to refuse a container with ``entries``, judged before anything is unpacked; [] for none."""
    found = list(entries)
    problems: list[ZipProblem] = []

    def refuse(kind: str, sentence: str) -> None:
        problems.append(ZipProblem(kind, sentence))

    if len(found) > max_entries:
        refuse("entries", f"压缩容器内有 {len(found)} 个部件，超过 {max_entries} 个，{_BOMB}")
    total = sum(entry.size for entry in found)
    if total > max_total:
        refuse("total", f"解压后将有 {total // _MB} MB，超过 {max_total // _MB} MB 的上限，{_BOMB}")
    worst = max(found, key=_ratio, default=None)
    packed = max(1, sum(entry.packed for entry in found))
    if total >= _RATIO_FROM and total > packed * max_ratio:
        refuse("ratio", f"解压后是压缩时的 {total // packed} 倍，超过 {max_ratio} 倍，{_BOMB}")
    elif worst is not None and worst.size >= _RATIO_FROM and _ratio(worst) > max_ratio:
        refuse("ratio", f"部件“{worst.name[:60]}”解压后膨胀 {int(_ratio(worst))} 倍，{_BOMB}")
    if _overlap(found):
        refuse("overlap", f"压缩容器内的部件相互重叠，{_BOMB}")
    if any(_climbs(entry.name) for entry in found):
        refuse("path", "压缩容器内有指向外部的路径，已拒绝。请用办公软件重新保存后再上传。")
    if any(entry.encrypted for entry in found):
        refuse("encrypted", "文件加了密码，无法读取。请去掉密码后再上传。")
    if not allow_macros and any(entry.name.lower().endswith("vbaproject.bin") for entry in found):
        refuse("macros", "文件含有宏，已拒绝。请另存为不含宏的格式（.xlsx / .docx）后再上传。")
    return problems


def zip_content_problems(file: IO[bytes], *, max_total: int = MAX_TOTAL) -> list[ZipProblem]:
    """Unpack every entry to nowhere and see whether the directory told the truth: sizes and check sums. Stops at
    ``max_total`` bytes. Constant memory. Call it after ``zip_problems`` found nothing."""
    unpacked = 0
    try:
        with zipfile.ZipFile(file) as container:
            for info in container.infolist():
                with container.open(info) as part:
                    while chunk := part.read(_CHUNK):
                        unpacked += len(chunk)
                        if unpacked > max_total:
                            sentence = f"实际解压超过 {max_total // _MB} MB，{_BOMB}"
                            return [ZipProblem("total", sentence)]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError):
        return [ZipProblem("damaged", "文件内容与目录不符或已损坏，无法读取。请用办公软件重新保存后再上传。")]
    return []


def _ratio(entry: ZipEntry) -> float:
    return entry.size / max(1, entry.packed)


def _overlap(entries: list[ZipEntry]) -> bool:
    """Whether two entries share bytes (many big files out of one small block)."""
    placed = sorted((entry.offset, entry.offset + entry.packed) for entry in entries if entry.packed)
    return any(start < end for (_, end), (start, _) in pairwise(placed))


def _climbs(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or (len(name) > 1 and name[1] == ":")
