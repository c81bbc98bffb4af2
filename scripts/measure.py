"""``make bench``: the comparisons of ``benchmarks/``."""

import sys

from scripts import environment, frontend
from scripts.steps import BIN, Stop, show


def main() -> None:
    """Run every benchmark; arguments after ``--`` name some."""
    environment.ensure()
    frontend.ensure()
    good, _ = show("性能对比", [BIN / "python", "-m", "benchmarks", *sys.argv[2:]])
    if not good:
        raise Stop("有性能指标未达到，见上面的表。")
