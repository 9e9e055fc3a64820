"""`rolecall deliveries`: what was, or was not, sent to whom, and why. It never prints what a message says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.db import Database
from bot.door.messages import clip, count
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.store.deliveries import Entry

MOST = 50
_LENGTHS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class State(StrEnum):
    READY = "ready"
    CLAIMED = "claimed"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    SKIPPED = "skipped"
    DEAD = "dead"


def deliveries(
    member: Annotated[str, typer.Option(help="Only to this member, by name or by their id on their platform.")] = "",
    state: Annotated[State | None, typer.Option(help="Only those in this state.")] = None,
    since: Annotated[str, typer.Option(help="Only those due since then: 7d, 12h, or a date such as 2026-03-28.")] = "",
    most: Annotated[int, typer.Option(min=1, help="How many to list; the counts are of all.")] = MOST,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    db: Database = "",
) -> None:
    """List what was sent, waits, or was not sent and why: the newest first, without what it says."""
    from bot.cli.compose import wall_clock
    from bot.cli.grant import the_member
    from bot.settings import Settings
    from bot.store import deliveries as sent
    from bot.store.session import open_store

    after = beginning(since, wall_clock()) if since else None
    states = [state.value] if state else []
    store = open_store(db or Settings().database_place, upgrade=False, create=False)
    try:
        with store.begin() as tx:
            of = the_member(tx, member)[0].id if member else None
            found = sent.entries(tx, most, of=of, states=states, since=after)
            counts, resent = sent.counts(tx, of=of, states=states, since=after)
            due = sent.next_due(tx, of)
    finally:
        store.close()
    for line in [_as_json(found, counts, resent, due)] if as_json else _table(found, counts, resent, due):
        typer.echo(line)


def beginning(text: str, now: datetime) -> datetime:
    """The instant that "7d", "12h" or a date means. Raises UsageError."""
    from bot.cli.simulate import instant

    if length := re.fullmatch(r"(\d{1,4})\s*([mhdw])", text.strip().lower()):
        return now - timedelta(**{_LENGTHS[length[2]]: int(length[1])})
    try:
        return instant(text.strip())
    except UsageError:
        raise UsageError(f"{text} is no time. Write it like 7d, 12h, or 2026-03-28.") from None


def _table(found: Sequence[Entry], counts: Mapping[str, int], resent: int, due: datetime | None) -> Iterator[str]:
    for e in found:
        at = e.sent_at or e.not_before
        said = "; ".join(part for part in (e.reason, e.last_error and f"last error: {e.last_error}") if part)
        tries = f"{e.attempts} {'try' if e.attempts == 1 else 'tries'}"
        again = f", {e.resent} of them late" if e.resent else ""
        yield (
            f"{at:%Y-%m-%d %H:%M:%S} UTC  {clip(e.name or '-', 20):<20}  {clip(e.channel, 40):<30}  {e.kind:<14}  "
            f"{e.state:<7}  {tries}{again}{'  ' + said if said else ''}"
        )
    total = ", ".join(f"{n} {state}" for state, n in counts.items()) or "No messages"
    twice = f"; perhaps {count(resent, 'late duplicate')}" if resent else ""
    listed = f" Listed are the newest {len(found)}; --most lists more." if sum(counts.values()) > len(found) else ""
    yield f"{total}{twice}.{listed}"
    yield f"Next due: {due:%Y-%m-%d %H:%M} UTC." if due else "Nothing is due."


def _as_json(found: Sequence[Entry], counts: Mapping[str, int], resent: int, due: datetime | None) -> str:
    said: dict[str, Any] = {
        "deliveries": [
            {
                "due": e.not_before.isoformat(),
                "sent": e.sent_at.isoformat() if e.sent_at else None,
                "member": e.name,
                "channel": e.channel,
                "kind": e.kind,
                "state": e.state,
                "reason": e.reason,
                "last_error": e.last_error,
                "attempts": e.attempts,
                "resent": e.resent,
            }
            for e in found
        ],
        "counts": dict(counts),
        "late_duplicates": resent,
        "next_due": due.isoformat() if due else None,
    }
    return json.dumps(said, indent=1, ensure_ascii=False)
