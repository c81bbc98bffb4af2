"""Writing and proving the audit trail."""

from liaoyuan.foundation.audit.labels import register_labels
from liaoyuan.foundation.audit.services.verify import ChainReport, chain_verify, verify_chain
from liaoyuan.foundation.audit.services.write import Subject, read, record, record_many, record_refusal

__all__ = [
    "ChainReport",
    "Subject",
    "chain_verify",
    "read",
    "record",
    "record_many",
    "record_refusal",
    "register_labels",
    "verify_chain",
]
