"""The table in docs/benchmarks.md, from the latest results of every group."""

import json
import platform
from datetime import date
from pathlib import Path

from benchmarks.pairs import REFERENCE, RESULTS

DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- results -->", "<!-- /results -->"


def write(people: int, *, on: date) -> None:
    """Replace the table between the marks; the text around it is written by hand."""
    rows = [row for path in sorted(RESULTS.glob("*.json")) for row in json.loads(path.read_text())]
    lines = [
        f"Measured {on} at {people:,} people, Python {platform.python_version()}, 2 shared cores.",
        "",
        "| what | database | ours | against | ratio (quartiles) | aim | | note |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        mark = "met" if row["passed"] else "**missed**"
        plain = row["ratio"] == row["low"] == row["high"]
        spread = "" if plain else f"{row['ratio']} ({row['low']}–{row['high']})"
        aim = row["base"] if plain else f"≤ {row['aim']:g}"
        if row["aim"] == REFERENCE:
            mark = aim = ""
        against = "" if plain else row["base"]
        cells = (row["name"], row["database"], row["ours"], against, spread, aim, mark, row["note"])
        lines.append(f"| {' | '.join(cells)} |")
    text = DOCUMENT.read_text()
    head, _, rest = text.partition(BEGIN)
    _old, _, tail = rest.partition(END)
    DOCUMENT.write_text(f"{head}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{tail}")
