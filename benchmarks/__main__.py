"""``make bench``: run every group (or those named), print the table, write docs/benchmarks.md.

python -m benchmarks [GROUP …] [--people N] [--small N]
"""

import argparse
import importlib
import sys
from datetime import date

from benchmarks import report
from benchmarks.pairs import calibrate, save, show

GROUPS = ("island", "starting", "pages", "bench_import", "log_in", "duties", "board")


def main() -> int:
    """0 where every aim is met."""
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    cli.add_argument("groups", nargs="*", default=[], help=f"some of: {' '.join(GROUPS)}")
    cli.add_argument("--people", type=int, default=100_000)
    cli.add_argument("--small", type=int, default=1_260)
    options = cli.parse_args()
    good = True
    for group in options.groups or GROUPS:
        before = calibrate()
        results = importlib.import_module(f"benchmarks.{group}").measure(options.people, options.small)
        after = calibrate()
        print(f"— {group}: calibrator {before:.0f} ms before, {after:.0f} ms after", flush=True)
        show(results)
        save(group, results)
        good &= all(one.passed for one in results)
    report.write(options.people, on=date.today())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
