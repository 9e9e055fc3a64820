"""What an error of a database means and what to do about it, in words for the operator.

Nothing of the driver's own text is passed on: it may hold part of a URL, and with it a password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import exc

from bot.store.turns import TurnMissedError

SQLITE: Mapping[str, str] = {
    "not a database": "{place} is not a database file, or it is damaged. Restore a copy, or name another file.",
    "malformed": "The database {place} is damaged. Restore a copy, or save what is readable with sqlite3's .recover.",
    "readonly": (
        "I may not write to {place}. Give this user the right to write it and its folder, or name another file."
    ),
    "unable to open": "I cannot open {place}. Check that the folder exists and may be written, or name another file.",
    "locked": "Another program is writing to {place} and did not finish within {seconds} seconds. Try again.",
    "is full": "The disk that holds {place} is full. Make room, then try again.",
    "disk i/o": "The disk that holds {place} does not answer as it should. Check the disk, then try again.",
}
"""Part of what SQLite says -> what it means."""

_NO_TURN = "Other work of this program kept {place} for longer than {seconds} seconds. Try again."
_REFUSED = (
    "{place} does not accept this user or password. Correct them in ROLECALL_DATABASE or --db; "
    "in a password write @ as %40, : as %3A, / as %2F and % as %25."
)
_NO_USER = "There is no user {user} on the server of {place}. Create it: CREATE ROLE {user} LOGIN, with a password."
_NOT_ADMITTED = (
    "The server of {place} lets this user in from here in no way. Add a line to its pg_hba.conf and reload it."
)
_NO_DATABASE = (
    "There is no database {database} on the server of {place}. Create it: CREATE DATABASE {database}; "
    "then run: rolecall db upgrade"
)
_ENDED = (
    "The server of {place} ended the connection: it is being stopped or restarted. "
    "Try again in a minute; if it stays so, start it."
)
_NOT_YET = "The server of {place} is starting or stopping. Try again in a minute."
_TOO_MANY = "The server of {place} has no connection left. Stop programs that hold some, or raise its max_connections."
_DISK_FULL = "The disk of the server of {place} is full. Make room there, then try again."
_READ_ONLY = "The server of {place} takes no writes: it is a standby, or set to read only. Name the primary server."
_NO_RIGHT = "This user may not use the tables of {place}. Let it own the database, or grant it the rights."
_BUSY = "Others are writing to the same rows of {place} and did not finish in time. Try again."
_NO_ROOM = "The server of {place} has run out of memory or another resource. Its log says of which; give it more."
_NO_ANSWER = "The server of {place} does not answer. Check its address, the network, and that it runs."

POSTGRESQL: Mapping[str, str] = {
    "28000": _NOT_ADMITTED,
    "28P01": _REFUSED,
    "3D000": _NO_DATABASE,
    "25006": _READ_ONLY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "42501": _NO_RIGHT,
    "53100": _DISK_FULL,
    "53300": _TOO_MANY,
    "55P03": _BUSY,
    "57P01": _ENDED,
    "57P02": _ENDED,
    "57P03": _NOT_YET,
    "25P03": _ENDED,
    "08": _NO_ANSWER,
    "53": _NO_ROOM,
    "58": "The disk of the server of {place} does not answer as it should. Check it, and the server's log.",
}
"""PostgreSQL's code, or the two letters of its class (appendix A of its manual) -> what it means."""

CONNECTING: Mapping[str, str] = {
    "password authentication failed": _REFUSED,
    "no password supplied": "{place} asks for a password, and the URL holds none. Write user:password@ in it.",
    "(peer|ident) authentication failed|pg_hba.conf": _NOT_ADMITTED,
    "not permitted to log in": "{user} may not log in to {place}. Let it: ALTER ROLE {user} LOGIN.",
    "permission denied": _NO_RIGHT,
    "too many|connection slots": _TOO_MANY,
    'database ".*" does not exist': _NO_DATABASE,
    'role ".*" does not exist': _NO_USER,
    "starting up|shutting down|recovery mode|not yet accepting": _NOT_YET,
    "administrator command|crash of another|connection unexpectedly|connection is lost": _ENDED,
    "connection refused": (
        "No server listens at the address of {place}. Start it, or correct host and port in the URL."
    ),
    "no such file": "No server listens at the socket of {place}. Start it, or correct host= in the URL.",
    "resolve host|translate host": "There is no computer of the name in {place}. Correct the host in the URL.",
    "certificate": "The certificate of {place} is not accepted. Check sslmode and sslrootcert in the URL.",
    "does not support ssl": "The server of {place} speaks no SSL. Take sslmode out of the URL, or set it up there.",
    "invalid connection option": (
        "The URL {place} has an option after the ? that PostgreSQL does not know. Take it out."
    ),
}
"""What the driver says where no code comes with it, mostly when connecting (a pattern) -> what it means."""

SECRET = {"password", "sslpassword", "passfile", "sslkey", "oauth_client_secret"}


def shown(url: sa.URL) -> str:
    """A URL as it may be printed: without a password, wherever it stands."""
    hidden = {key: "..." for key in url.query if key.lower() in SECRET}
    return url.set(drivername=url.get_backend_name()).update_query_dict(hidden).render_as_string(hide_password=True)


def explain(error: Exception, url: sa.URL, place: str, seconds: float) -> str | None:
    """What happened at a place, and the remedy; None for an error that is the program's own.

    `seconds`: how long SQLite was waited for.
    """
    words = _meaning(error, sqlite=url.get_backend_name() == "sqlite")
    if words is None:
        return None
    user = url.username or "with the name of this program's user"
    return words.format(place=place, user=user, database=url.database or user, seconds=f"{seconds:g}")


def _meaning(error: Exception, *, sqlite: bool) -> str | None:
    if isinstance(error, TurnMissedError | exc.TimeoutError):  # SQLAlchemy's: no connection of the pool came free
        return _NO_TURN
    if not isinstance(error, exc.DBAPIError):
        return None
    said = str(error.orig).lower()
    if sqlite:
        known = isinstance(error, exc.OperationalError) or type(error) is exc.DatabaseError
        return next((words for sign, words in SQLITE.items() if sign in said), None) if known else None
    if code := getattr(error.orig, "sqlstate", None):
        return POSTGRESQL.get(code) or POSTGRESQL.get(code[:2])
    if found := next((words for sign, words in CONNECTING.items() if re.search(sign, said)), None):
        return found
    return _NO_ANSWER if isinstance(error, exc.OperationalError | exc.InterfaceError) else None
