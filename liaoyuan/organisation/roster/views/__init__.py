"""Pages of roster."""
