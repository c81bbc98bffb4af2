"""The audit trail."""

from liaoyuan.foundation.audit.models.entry import AuditEntry, AuditHead

__all__ = ["AuditEntry", "AuditHead"]
