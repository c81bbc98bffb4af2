"""``make format``: put every file into its form."""

from scripts import environment, frontend
from scripts.steps import BIN, ROOT, step


def main() -> None:
    """Python, templates, front end."""
    environment.ensure()
    step("整理 Python", [BIN / "ruff", "format", "."])
    step("整理 Python 的导入与小处", [BIN / "ruff", "check", "--fix", "--exit-zero", "."])
    templates = [str(path) for path in sorted((ROOT / "liaoyuan").glob("**/templates/**/*.html"))]
    step("整理模板", [BIN / "djade", "--target-version", "5.2", *templates])
    step(
        "重新生成文档", [BIN / "python", "-m", "scripts.generated"], env={"LIAOYUAN_HOME": str(ROOT / "var" / "check")}
    )
    frontend.packages()
    step(
        "整理前端",
        ["npm", "run", "--silent", "fix"],
        cwd=frontend.FRONTEND,
        env=frontend.environment(),
    )
