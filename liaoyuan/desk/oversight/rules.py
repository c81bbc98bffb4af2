"""Codes of earlier proofs, as people write them down."""

import re

_LINE = re.compile(r"\s*(?:第\s*)?(\d{1,18})\s*(?:条)?\s*[:：\s]\s*([0-9a-f]{16})\s*", re.IGNORECASE)


def read_codes(text: str) -> dict[int, str]:
    """Lines such as ``12345:0f1e2d3c4b5a6978`` as row numbers with codes. Raises ValueError naming the first line that
    is none."""
    found: dict[int, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(line[:40])
        found[int(match[1])] = match[2].lower()
    return found
