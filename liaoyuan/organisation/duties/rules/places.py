"""Which unit answers for a duty. Pure: paths in, a path out."""

from collections.abc import Container

from liaoyuan.kernel import paths

OVER = frozenset({"above", "approver"})  # places where a unit above the subject's answers


def place(at: str, path: str, approving: Container[str]) -> str:
    """The unit that answers for a duty at ``path``, of a rule whose place is ``at``: the one right above, the nearest
    one upwards of those that are ``approving`` members (without any, the one right above), else its own."""
    if at not in OVER:
        return path
    nearest = next((one for one in reversed(paths.ancestors(path)) if one in approving), "")
    return nearest if at == "approver" and nearest else paths.parent(path)
