"""Storing, fetching, deleting files."""

from liaoyuan.foundation.files.services.delete import file_delete, files_expire
from liaoyuan.foundation.files.services.fetch import file_fetch
from liaoyuan.foundation.files.services.store import file_store, file_store_bytes, file_store_made

__all__ = ["file_delete", "file_fetch", "file_store", "file_store_bytes", "file_store_made", "files_expire"]
