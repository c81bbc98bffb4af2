"""Django's database sessions, written once at a log-in instead of twice.

The database alone: a session that was ended while a cache did not answer would live on in it.

A rotated key's row is written when the log-in has put everything into it, in the log-in's own transaction; Django would
insert it half-filled, after asking whether 128 random bits are taken, and update it in a second transaction. Until
then the request that opened it is the only one that knows its key.
"""

import secrets
from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from liaoyuan.kernel.db import execute_soon
from liaoyuan.kernel.rows import row_of

_OPEN = "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"
_NEW = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)"
_Base: Any = db.SessionStore  # its stubs know only the half of it


class SessionStore(_Base):
    """A session; see the module."""

    _unwritten = False
    _written: dict[str, Any] | None = None

    def _get_new_session_key(self) -> str:
        """A fresh key; the primary key would refuse what chance cannot bring."""
        return secrets.token_hex(16)

    def cycle_key(self) -> None:
        """A new key for the same data, against session fixation; the old key opens nothing from now on."""
        data, old = self._session, self.session_key
        self._session_key = self._get_new_session_key()
        self._session_cache = data
        self._unwritten = self.modified = True
        if old:
            self.delete(old)

    def _get_session_from_db(self) -> Any:
        """The row of this key while it lasts, else None and the key is forgotten. As text: it is the first question of
        every request, and the ORM takes longer to write it than the database to answer it."""
        at = connection.ops.adapt_datetimefield_value(timezone.now())  # real time: Django wrote the row's end by it
        found = row_of(self.model, _OPEN, [self.session_key, at])
        if found is None:
            setattr(self, "_session_key", None)  # noqa: B010  the stubs say it is never None; Django does the same
        return found

    def flush(self) -> None:
        """Forget everything."""
        self._unwritten, self._written = False, None
        super().flush()

    def save(self, must_create: bool = False) -> None:
        """Write it: under a new key an insert; nothing where this very request has written the same already."""
        must_create = must_create or self._unwritten
        if not must_create and self._written is not None and self._written == self._get_session():
            return
        if must_create and self.session_key is not None and connection.in_atomic_block:
            # Django would set a savepoint, to tell a key that is taken from other failures.
            row = self.create_model_instance(self._get_session(no_load=True))
            until = connection.ops.adapt_datetimefield_value(row.expire_date)
            execute_soon((_NEW, [row.session_key, row.session_data, until]))
        else:
            super().save(must_create=must_create)
        self._unwritten = False
        self._written = deepcopy(self._get_session(no_load=True))
