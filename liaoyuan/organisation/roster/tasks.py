"""Work in the background: checking an upload, importing a confirmed one."""

from liaoyuan.kernel.jobs import job
from liaoyuan.organisation.roster.services.uploads import check_upload, run_import


@job("roster.check")
def check(upload_id: str) -> None:
    """Check an upload and work out its preview."""
    check_upload(upload_id)


@job("roster.import")
def import_(upload_id: str) -> None:
    """Write a confirmed upload, all or nothing."""
    run_import(upload_id)
