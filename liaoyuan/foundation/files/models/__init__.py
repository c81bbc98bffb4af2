"""Uploaded files."""

from liaoyuan.foundation.files.models.stored import StoredFile

__all__ = ["StoredFile"]
