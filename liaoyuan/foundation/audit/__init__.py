"""Who did or looked at what: append-only and provable."""
