"""Downloads: streamed, as attachments, in a sandbox."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from liaoyuan.foundation.files.rules import FileKind
from liaoyuan.foundation.files.services import file_fetch
from liaoyuan.kernel.errors import NotInScope

_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
_INLINE = {kind.content_type for kind in FileKind if kind.inline}


@require_safe
def download(request: HttpRequest, file_id: UUID) -> FileResponse:
    """The file. Pictures may be shown in place with ``?inline=1``; everything else is always an attachment."""
    stored = file_fetch(actor=request.actor, file_id=file_id)  # type: ignore[attr-defined]  # ActorMiddleware
    inline = request.GET.get("inline") == "1" and stored.content_type in _INLINE
    try:
        content = stored.blob.open("rb")
    except FileNotFoundError as error:
        raise NotInScope("这个文件的内容已不在存储中。请告诉系统管理员文件的名称和上传时间。") from error
    response = FileResponse(content, as_attachment=not inline, filename=stored.name, content_type=stored.content_type)
    response["Content-Length"] = str(stored.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cache-Control"] = "private, max-age=3600" if inline else "no-store"
    return response
