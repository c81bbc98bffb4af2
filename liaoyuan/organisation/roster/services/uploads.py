"""The way of an upload: taken in, checked, confirmed, imported; discarded or tried again at any point before.

State changes are fences: each moves the row from the state it expects, so that a second click, a second worker or a
late one finds the door closed.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit import services as audit
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.rules import FileKind
from liaoyuan.foundation.files.services import file_delete, file_store, file_store_made
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.roster.guard import UnreadableError
from liaoyuan.organisation.roster.messages import NOTE, Problem, unreadable
from liaoyuan.organisation.roster.models import RosterUpload, UploadReach, UploadState
from liaoyuan.organisation.roster.policies import can_decide, can_import
from liaoyuan.organisation.roster.progress import Reporter, silent, told
from liaoyuan.organisation.roster.services.apply import apply_plan
from liaoyuan.organisation.roster.services.filing import file_under_reach
from liaoyuan.organisation.roster.services.importing import Outcome, look_at, without_collection, write_newest
from liaoyuan.organisation.roster.summary import summarise

GATE = "roster.upload"
KEEP = timedelta(days=30)
SHOWN = 2000
_WHY = "the job acts for the uploader, whose reach is checked row by row"


def upload_take(*, actor: Actor, file: Any) -> RosterUpload:
    """Take in a workbook and queue its check. Raises DomainError (field ``file``) where it is no workbook, too big or
    dangerous, NotPermitted without the capability."""
    can_import(actor).require()
    with unit_of_work():
        upload = RosterUpload(id=new_id(), by_id=actor.user_id, by_name=actor.name[:80])
        reaches = file_under_reach(actor, upload)
        upload.file = file_store(
            actor=actor, upload=file, gate=GATE, gate_key=upload.pk, allowed={FileKind.XLSX}, expires_at=now() + KEEP
        )
        upload.name = upload.file.name
        upload.save(force_insert=True)
        UploadReach.objects.bulk_create(reaches)
        _record(actor, "roster.upload", upload)
        enqueue("roster.check", upload_id=str(upload.pk))
    return upload


def upload_confirm(*, actor: Actor, upload: RosterUpload) -> None:
    """Let a checked upload be imported. Raises Conflict where it is not waiting for that."""
    can_decide(actor, upload).require()
    with unit_of_work():
        _pass(upload, UploadState.READY, UploadState.IMPORTING, progress=0, step="", beat_at=None, error="")
        _record(actor, "roster.confirm", upload)
        enqueue("roster.import", upload_id=str(upload.pk))


def upload_discard(*, actor: Actor, upload: RosterUpload) -> None:
    """Give an upload up: its files are deleted, the line in the history stays."""
    can_decide(actor, upload).require()
    with unit_of_work():
        _pass(upload, (UploadState.READY, UploadState.REFUSED, UploadState.FAILED), UploadState.DISCARDED,
              finished_at=now(), problems=[], changes={})  # fmt: skip
        for stored in StoredFile.objects.filter(gate=GATE, gate_key=str(upload.pk)):
            file_delete(actor=actor, stored=stored)
        _record(actor, "roster.discard", upload)


def upload_retry(*, actor: Actor, upload: RosterUpload) -> None:
    """Check an interrupted upload again; whatever it had begun was rolled back."""
    can_decide(actor, upload).require()
    with unit_of_work():
        if upload.file_id is None:
            raise Conflict(_("上传的文件已过保存期，请重新上传。"))
        _pass(upload, UploadState.FAILED, UploadState.CHECKING, progress=0, step="", beat_at=None, error="")
        _record(actor, "roster.retry", upload)
        enqueue("roster.check", upload_id=str(upload.pk))


def upload_recover(upload: RosterUpload) -> RosterUpload:
    """Mark an upload whose worker has gone silent as interrupted. The transaction it died in left nothing behind."""
    if silent(upload):
        rows = RosterUpload.objects.unscoped("its worker is gone").filter(pk=upload.pk, state=upload.state)
        words = _("后台处理中断了，没有写入任何数据。请点“重新核对”。")
        if rows.update(state=UploadState.FAILED, error=words, finished_at=now()):
            upload.state, upload.error = UploadState.FAILED, words
    return upload


def check_upload(upload_id: str) -> None:
    """The job after the upload: problems, plan, marked copy. Safe to run twice."""
    upload = _upload(upload_id)
    if upload is None or upload.state != UploadState.CHECKING or upload.file is None:
        return
    with _work(upload) as (actor, path, reporter):
        try:
            outcome = look_at(path, actor=actor, say=reporter.say)
        except UnreadableError as error:
            _finish_check(upload, [unreadable(error)], None)
            return
        reporter.say(80, _("生成结果"))
        marked = _marked(actor, upload, path, outcome)
        _finish_check(upload, outcome.checked.problems, outcome, marked)


def run_import(upload_id: str) -> None:
    """The job after the confirmation: the same check once more, then everything in one transaction with the state. If
    the platform changed since the preview, be it by another import at this moment, nothing is written and the new
    preview waits for the clerk."""
    upload = _upload(upload_id)
    if upload is None or upload.state != UploadState.IMPORTING or upload.file is None:
        return
    with _work(upload) as (actor, path, reporter):

        def write(outcome: Outcome) -> None:
            if outcome.plan is None or outcome.plan.digest() != upload.digest:
                words = _("确认以后平台数据有了变化，没有写入。请对照新的预览再确认。")
                _finish_check(upload, outcome.checked.problems, outcome, expect=UploadState.IMPORTING, error=words)
                return
            with without_collection(), unit_of_work():
                apply_plan(outcome.plan, actor=actor, label=upload.name, after=outcome.after, say=reporter.say)
                _pass(upload, UploadState.IMPORTING, UploadState.DONE, progress=100, step="", finished_at=now())

        write_newest(lambda: look_at(path, actor=actor, say=reporter.say), write)


@contextmanager
def _work(upload: RosterUpload) -> Iterator[tuple[Actor, Path, Reporter]]:
    """The uploader as actor, the file on disk, a reporter. What goes wrong becomes the state FAILED with a sentence."""
    before = upload.state
    try:
        with Reporter(upload.pk).running() as reporter, tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "roster.xlsx"
            with path.open("wb") as target, upload.file.blob.open("rb") as source:  # type: ignore[union-attr]
                for chunk in iter(lambda: source.read(1 << 20), b""):
                    target.write(chunk)
            yield _actor_of(upload), path, reporter
    except DomainError as error:
        _fail(upload, before, error.message)
    except Exception:
        _fail(upload, before, _("处理时出错，没有写入任何数据。请重试；若仍出错，请联系系统管理员。"))
        raise


def _actor_of(upload: RosterUpload) -> Actor:
    user = User.objects.filter(pk=upload.by_id).first() if upload.by_id else None
    if user is None:
        raise DomainError(_("上传人的账号已不存在，请由别人重新上传。"))
    actor = actor_for(user, via="job")
    can_import(actor).require()
    return actor


def _upload(upload_id: str) -> RosterUpload | None:
    rows = RosterUpload.objects.unscoped(_WHY).select_related("file")
    found: RosterUpload | None = rows.filter(pk=UUID(upload_id)).first()
    return found


def _finish_check(
    upload: RosterUpload,
    problems: list[Problem],
    outcome: Outcome | None,
    marked: StoredFile | None = None,
    *,
    expect: str = UploadState.CHECKING,
    error: str = "",
) -> None:
    plan = outcome.plan if outcome else None
    with unit_of_work():
        _pass(
            upload,
            expect,
            UploadState.REFUSED if plan is None else UploadState.SAME if plan.empty else UploadState.READY,
            problems=[one.as_dict() for one in problems[:SHOWN]],
            counts=dict(Counter(one.severity for one in problems)),
            changes=summarise(plan) if plan is not None else {},
            digest=plan.digest() if plan is not None else "",
            marked=marked or upload.marked,
            progress=100,
            step="",
            error=error,
            finished_at=now(),
        )


def _marked(actor: Actor, upload: RosterUpload, path: Path, outcome: Outcome) -> StoredFile | None:
    if all(one.severity == NOTE for one in outcome.checked.problems):
        return None
    with tempfile.TemporaryFile() as target:
        from liaoyuan.organisation.roster.marking import write_marked  # openpyxl: only for a file with faults

        write_marked(path, target, outcome.checked.sheets, outcome.checked.problems)
        name = f"{Path(upload.name).stem}-标注.xlsx"
        return file_store_made(
            actor=actor, name=name, content=target, gate=GATE, gate_key=upload.pk, expires_at=now() + KEEP
        )


def _fail(upload: RosterUpload, before: str, words: str) -> None:
    rows = RosterUpload.objects.unscoped("its job failed").filter(pk=upload.pk, state=before)
    rows.update(state=UploadState.FAILED, error=words[:300], finished_at=now())


def _pass(upload: RosterUpload, expect: "str | tuple[str, ...]", to: str, **values: Any) -> None:
    """Move the row from the state it must be in to the next; Conflict where it is in another."""
    states = (expect,) if isinstance(expect, str) else expect
    rows = RosterUpload.objects.unscoped("authorised").filter(pk=upload.pk, state__in=states)
    if not rows.update(state=to, **values):
        raise Conflict(_("这次导入的状态已经变了，没有执行。请刷新页面查看。"))
    for name, value in {"state": to, **values}.items():
        setattr(upload, name, value)


def _record(actor: Actor, action: str, upload: RosterUpload) -> None:
    audit.record(actor, action, object_type="roster.upload", object_id=upload.pk, object_label=upload.name)


__all__ = [
    "check_upload",
    "run_import",
    "told",
    "upload_confirm",
    "upload_discard",
    "upload_recover",
    "upload_retry",
    "upload_take",
]
