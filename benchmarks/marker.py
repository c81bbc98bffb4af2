"""The table of duties changes, each time a line arrives: what was counted for the board holds no more.

``python -m benchmarks.marker`` in the environment of an instance; answers every line with one, after the commit.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")

import django

django.setup()

from liaoyuan.organisation.duties.services.run import table_changed  # noqa: E402  after set-up

if __name__ == "__main__":
    print("ready", flush=True)
    for _line in sys.stdin:
        table_changed()
        print("changed", flush=True)
