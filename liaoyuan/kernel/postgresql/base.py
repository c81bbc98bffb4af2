"""The database wrapper (Django looks for it under this name)."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django asks ``SELECT 1`` before a kept connection is used again: one more journey to the server in every request.
    A server that went away has closed the connection, and that can be seen from here."""

    def is_usable(self) -> bool:
        """Whether the connection can be used. Asks the server only where something went wrong or something is to be
        read, which is either news or the end."""
        if self.connection is not None and not self.errors_occurred and not _speaks(self.connection):
            return True
        return bool(super().is_usable())


def _speaks(connection: Any) -> bool:
    """Whether the server has said something, or hung up, since it was last asked."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    return bool(poll.poll(0))
