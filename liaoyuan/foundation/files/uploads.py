"""Receiving uploads: written to a temporary file, never more than the limit, whatever the client sends."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Stops writing where the limit is reached; the file then carries ``too_big`` and ``file_store`` refuses it with a
    sentence, instead of a broken connection or a full disk."""

    file: Any  # Django's TemporaryUploadedFile, with ``too_big`` beside

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start a file."""
        super().new_file(*args, **kwargs)
        self.file.too_big = False
        self.room = settings.LIAOYUAN.upload_max_mb * 1024 * 1024

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep what fits."""
        if start + len(raw_data) > self.room:
            self.file.too_big = True
            return None
        return super().receive_data_chunk(raw_data, start)
