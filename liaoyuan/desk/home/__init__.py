"""My day: the first page after log-in."""
