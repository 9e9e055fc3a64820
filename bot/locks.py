"""The operating system's lock on an open file: it ends with the process that holds it, however that ends.

It knows no path and says nothing of who else may hold it.
"""

from __future__ import annotations

import sys
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30
    """Windows keeps others from reading what is locked, so a byte after everything that is written is."""

    def lock(file: IO[Any], *, wait: bool) -> None:
        """Locks a file that is open for writing until it is closed; OSError where another program has it."""
        at = file.tell()
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        file.seek(at)

else:
    import fcntl

    def lock(file: IO[Any], *, wait: bool) -> None:
        """Locks a file that is open for writing until it is closed; OSError where another program has it."""
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
