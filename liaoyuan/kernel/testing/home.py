"""A home of its own for a test run: never the developer's own instance.

Loaded by ``-p liaoyuan.kernel.testing.home`` (pyproject.toml), since pytest-django reads the settings before any
conftest is imported.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_KEPT = {"LIAOYUAN_TEST_DB", "LIAOYUAN_CHROMIUM"}

HOME = Path(tempfile.mkdtemp(prefix="liaoyuan-test-"))
(HOME / "static").mkdir()
for _name in [name for name in os.environ if name.startswith("LIAOYUAN_") and name not in _KEPT]:
    del os.environ[_name]
os.environ["LIAOYUAN_HOME"] = str(HOME)
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
