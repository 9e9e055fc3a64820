"""What a running bot asks every few seconds is found by an index, however much has been sent before."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import CohortId, MemberId
from bot.store import (
    agenda,
    cohorts,
    delivery,
    health,
    learning,
    office_roles,
    points,
    posted,
    presence,
    report,
    schedules,
    standings,
)
from bot.store.session import Tx, open_store

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = standings.Span(NOW - 7 * DAY, NOW, NOW + 7 * DAY, NOW + 3 * DAY, NOW + 10 * DAY)
QUERIES: dict[str, Callable[[Tx], object]] = {
    "sweep": lambda tx: schedules.due(tx, NOW, 500),
    "the next sweep": schedules.next_due,
    "claim": lambda tx: delivery.ready(tx, NOW, frozenset({"terminal"}), 50),
    "leases": lambda tx: delivery.release_claims(tx, NOW),
    "recovery": lambda tx: delivery.lapsed(tx, NOW, frozenset({"terminal"})),
    "giving back": lambda tx: delivery.give_back(tx, "owner"),
    "a closed door": lambda tx: delivery.bury(tx, "dm:terminal::ana", "closed"),
    "two a day": lambda tx: delivery.tried_since(tx, [MemberId("ana")], frozenset({"review_due"}), NOW),
    "me why": lambda tx: delivery.ledger(tx, MemberId("ana"), 8),
    "retention": lambda tx: delivery.forget_sent(tx, NOW, {"board"}),
    "a board": lambda tx: standings.tallies(tx, CohortId("c"), [WEEK]),
    "who is thanked": lambda tx: report.settled_by(tx, CohortId("c"), NOW - 7 * DAY, NOW),
    "who waits for a review": lambda tx: report.waiting(tx, CohortId("c")),
    "what is due for cohorts": lambda tx: agenda.next_of_all(tx, NOW),
    "what waits to be booked": lambda tx: points.waiting(tx, "", 200),
    "a cohort's prompt": lambda tx: learning.serving_for(tx, MemberId("ana"), "p1"),
    "one's own week": lambda tx: standings.own(tx, MemberId("ana"), [WEEK]),
    "what stands in channels": lambda tx: posted.posted(tx, CohortId("c"), "board"),
    "where somebody was met": lambda tx: presence.note(tx, MemberId("ana"), "discord", "1"),
    "what roles make of people": lambda tx: office_roles.in_workspaces(tx, "discord", ["1", "2"]),
    "whose roles are asked for": lambda tx: office_roles.met_where_bound(tx, MemberId("ana"), "discord"),
    "what meets on a server": lambda tx: cohorts.meeting_in(tx, "discord", "1"),
    "who is known only there": lambda tx: presence.anybody(tx, "discord", "1"),
    "doctor": lambda tx: health.deliveries(tx, before=NOW, since=NOW),
}


@pytest.mark.parametrize("asked", QUERIES.values(), ids=QUERIES.keys())
def test_no_query_reads_a_whole_table(tmp_path: Path, asked: Callable[[Tx], object]) -> None:
    plans: list[str] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        plans.extend(step[3] for step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with closing(open_store(str(tmp_path / "bot.db"))) as store, store.begin() as tx:
        sa.event.listen(tx, "before_cursor_execute", explain)
        asked(tx)

    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"]
    assert any(" USING " in step for step in plans)
