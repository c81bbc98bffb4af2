"""Account pages, by page."""
