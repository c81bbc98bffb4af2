"""Pages of postings and objections."""
