"""The proofs run every night."""

from liaoyuan.desk.oversight.services import proofs_run
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor


@job("oversight.prove", cron="10 3 * * *")
def prove() -> list[str]:
    """Run every proof. Returns the sentences."""
    found = proofs_run(actor=Actor.system("每夜核对"))
    return [str(result.sentence) for _proof, result in found]
