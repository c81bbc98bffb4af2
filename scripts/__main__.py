"""``python3 -m scripts VERB``: one verb per make target."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  an older one must say so, not fail
    sys.exit(
        "燎原需要 Python 3.11 或更新版本，当前是 {}.{}。请安装后用 make PYTHON=/路径/python3.11 … 重试。".format(
            *sys.version_info[:2]
        )
    )

from scripts import checks, environment, formatting, frontend, measure, run, shots, tests
from scripts.steps import Stop


def setup() -> None:
    """Everything that running and testing need, installed or built; done work is skipped."""
    environment.ensure()
    frontend.ensure()


VERBS = {
    "setup": setup,
    "run": run.main,
    "test": tests.main,
    "check": checks.main,
    "bench": measure.main,
    "format": formatting.main,
    "shots": shots.main,
}


def main() -> int:
    """Run the verb; a Stop is a sentence for the reader, not a traceback."""
    verb = VERBS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    if verb is None:
        print(f"用法：make {'|'.join(VERBS)}", file=sys.stderr)
        return 2
    try:
        verb()
    except Stop as stop:
        print(f"\n✗ {stop}", file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
