"""Running the proofs and recording what they found."""

import logging

from django.utils.translation import gettext as _

from liaoyuan.desk.oversight.policies import can_manage_system
from liaoyuan.desk.oversight.selectors.proofs import PROVE
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.registry import Proof, ProofResult, proofs
from liaoyuan.kernel.scoping import Actor

_log = logging.getLogger(__name__)


def proofs_run(*, actor: Actor) -> list[tuple[Proof, ProofResult]]:
    """Run every registered proof; a proof that crashes counts as failed and hides no other. The run is recorded in the
    trail, from where the pages read the last result. Raises NotPermitted for who is not the system administrator."""
    can_manage_system(actor).require()
    found = [(proof, _run(proof)) for proof in proofs()]
    for proof, result in found:
        if not result.ok:
            _log.error("核对“%s”不一致：%s", proof.label, result.sentence)
    record(
        actor,
        PROVE,
        reason=_("全部一致") if all(result.ok for _proof, result in found) else _("有不一致"),
        detail={
            "results": [
                {
                    "key": proof.key,
                    "label": str(proof.label),
                    "ok": result.ok,
                    "checked": result.checked,
                    "sentence": str(result.sentence),
                }
                for proof, result in found
            ]
        },
    )
    return found


def _run(proof: Proof) -> ProofResult:
    try:
        return proof.run()
    except Exception as error:
        _log.exception("核对“%s”出错", proof.label)
        return ProofResult(False, 0, _("核对中途出错：%(error)s") % {"error": f"{type(error).__name__}: {error}"[:200]})
