"""The nightly proof that every path is what parents and positions say."""

from django.utils.translation import gettext as _

from liaoyuan.kernel.registry import ProofResult
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import tree_problems


def tree_proof() -> ProofResult:
    """Compare every unit's and every grant's path with the derived one; ``manage rebuild_paths`` mends them."""
    problems = tree_problems()
    checked = Unit.objects.unscoped("counts what was compared").count()
    if problems:
        values = {"count": len(problems), "first": problems[0]}
        return ProofResult(
            False, checked, _("%(count)s 处不一致，第一处：%(first)s。请运行 manage rebuild_paths。") % values
        )
    return ProofResult(True, checked, _("%(checked)s 个组织的路径与上级、次序一致。") % {"checked": checked})
