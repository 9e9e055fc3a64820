"""`rolecall run`'s world: a Rolecall on the wall clock, and what its parts do by themselves in this process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

from bot.catalogue import load
from bot.cli.alone import alone_with, sqlite_file
from bot.cli.compose import claim_kind, random_id, wall_clock
from bot.cli.graders import cascade, maker_of
from bot.cli.jobs import SENDER, TICKER, Work
from bot.delivery.sending import ASK_AFTER
from bot.delivery.ticker import Job
from bot.door.invocation import Gateway
from bot.errors import RolecallError
from bot.members import fields
from bot.rolecall import Rolecall
from bot.settings import Settings
from bot.store import delivery as rows
from bot.store.session import open_store


class LiveWorld:
    """What a terminal sees of it. `arrived` is called after each line, to show what has come meanwhile."""

    def __init__(
        self, rolecall: Rolecall, jobs: Mapping[str, tuple[Job, float]], arrived: Callable[[], object]
    ) -> None:
        self.rolecall = rolecall
        self.jobs = jobs
        """For `ticking`."""
        self._arrived = arrived

    def now(self) -> datetime:
        return wall_clock()

    def new_key(self) -> str:
        return random_id()

    def settle(self) -> None:
        self._arrived()

    def wait(self, length: timedelta) -> None:
        raise RolecallError("Time is real here and cannot be moved. rolecall play has a clock that can.")

    def restart(self) -> None:
        raise RolecallError("Stop this program and start it again; nothing is lost.")


@contextmanager
def open_live(
    place: str,
    parts: Collection[str],
    gateways: Callable[[Rolecall], Mapping[str, Gateway]],
    *,
    settings: Settings,
    stopping: Callable[[], bool],
    arrived: Callable[[], object],
) -> Iterator[LiveWorld]:
    """A live world on a database, open until the end of the block, with the jobs of these parts.

    `gateways`: the platforms that the sender may send to.

    RolecallError for a database that it cannot use, or a SQLite file that another program serves.
    """
    try:
        fields.zone(settings.default_zone)
    except RolecallError as error:
        raise RolecallError(f"ROLECALL_DEFAULT_ZONE cannot be used. {error}") from None
    is_alone = sqlite_file(place) is not None
    with alone_with(place, wall_clock()), closing(open_store(place)) as store:
        claim_kind(store, "live")
        if is_alone:
            with store.begin() as tx:
                rows.end_leases(tx, wall_clock(), wall_clock() + ASK_AFTER)
        rolecall = Rolecall(
            store,
            load(settings.content),
            cascade(store, settings),
            clock=wall_clock,
            new_id=random_id,
            default_zone=settings.default_zone,
            maker=maker_of(settings),
        )
        work = Work(
            rolecall, gateways(rolecall), new_owner=random_id, resend=settings.resend_uncertain, stopping=stopping
        )
        jobs: dict[str, tuple[Job, float]] = {}
        if TICKER in parts:
            jobs |= work.of_ticker()
        if SENDER in parts:
            jobs |= work.of_sender()
        with closing(rolecall):
            yield LiveWorld(rolecall, jobs, arrived)
