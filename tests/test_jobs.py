"""What a running bot does by itself: one job's failure is nobody else's, and signs of life tell the truth."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.cli import jobs
from bot.cli.jobs import Work
from bot.errors import StoreError
from bot.store import health
from bot.store.session import Store
from tests.talk import DAY, Talk

MINUTE = timedelta(minutes=1)


def work(chat: Talk) -> Work:
    return Work(chat.world.rolecall, {"terminal": chat.inbox}, new_owner=lambda: "test")


def beats(chat: Talk) -> dict[str, datetime]:
    with chat.tx() as tx:
        return {beat.part: beat.at for beat in health.beats(tx)}


def test_a_job_that_fails_keeps_no_other_from_being_done(chat: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    chat.settled("Ana")

    def broken(store: Store, now: datetime) -> int:
        raise KeyError("reviews")

    monkeypatch.setattr(jobs, "escalate", broken)
    with capture_logs() as logged:
        chat.world.wait(6 * DAY)

    assert chat.inbox.pushes
    assert {(line["event"], line["job"]) for line in logged} == {("job_failed", "reviews")}


def test_a_database_that_is_busy_is_tried_again_at_the_next_tick(chat: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep, _ = work(chat).of_ticker()["sweep"]

    def locked(store: Store, now: datetime) -> int:
        raise StoreError("another program writes to it")

    with monkeypatch.context() as meanwhile, capture_logs() as logged:
        meanwhile.setattr(jobs, "sweep", locked)
        asyncio.run(sweep())
    assert [(line["event"], line["detail"]) for line in logged] == [("job_put_off", "another program writes to it")]
    assert beats(chat) == {}

    asyncio.run(sweep())
    assert beats(chat) == {"ticker": chat.world.now()}


def test_signs_of_life_come_once_a_minute_also_when_the_clock_was_set_back(chat: Talk) -> None:
    deliver, _ = work(chat).of_sender()["deliver"]
    seen = list[datetime]()
    began = chat.world.now()
    for moved in (timedelta(), MINUTE / 2, MINUTE, -DAY):
        chat.world.rolecall.clock = lambda moved=moved: began + moved  # type: ignore[misc]
        asyncio.run(deliver())
        seen.append(beats(chat)["sender"])

    assert seen == [began, began, began + MINUTE, began - DAY]
