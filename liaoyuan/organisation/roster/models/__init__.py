"""Roster workbooks that were uploaded."""

from liaoyuan.organisation.roster.models.upload import RosterUpload, UploadState

__all__ = ["RosterUpload", "UploadState"]
