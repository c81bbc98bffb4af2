"""Text that is searched by its beginning."""

from liaoyuan.kernel.db import PathField

# Sorts after every character a name can hold, byte by byte, on both databases.
LAST = "\U0010ffff"


class KeyField(PathField):
    """Text compared byte by byte on both databases, so that ``[q, q + LAST)`` uses its index: SQLite never uses one
    for Django's ``startswith``, PostgreSQL only with a second index."""
