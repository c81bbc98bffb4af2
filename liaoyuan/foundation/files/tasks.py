"""Files whose time is over are deleted every night."""

from liaoyuan.foundation.files.services import files_expire
from liaoyuan.kernel.jobs import job
from liaoyuan.kernel.scoping import Actor


@job("files.expire", cron="15 3 * * *")
def expire() -> int:
    """Delete what has expired. Returns how many."""
    return files_expire(actor=Actor.system("清理到期文件"))
