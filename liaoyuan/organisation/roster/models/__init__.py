"""Roster workbooks that were uploaded."""

from liaoyuan.organisation.roster.models.upload import RosterUpload, UploadReach, UploadState

__all__ = ["RosterUpload", "UploadReach", "UploadState"]
