"""PostgreSQL dies or falls silent in the middle of something: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import select
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.door import intents as i
from bot.door.messages import Push, Sent
from bot.errors import StoreError
from bot.store.tables import log, outbox
from tests.postgres import Databases, Server
from tests.talk import DAY, Talk, talk


@pytest.fixture
def server(own_databases: Databases) -> Server:
    assert own_databases.server is not None
    return own_databases.server


@pytest.fixture
def chat(own_databases: Databases, tmp_path: Path) -> Iterator[Talk]:
    with own_databases.fresh(own_databases.template) as url, talk(tmp_path, db=url) as opened:
        yield opened


def restart(server: Server) -> None:
    server.stop()
    server.up()


def kinds(chat: Talk) -> list[str]:
    with chat.tx() as tx:
        return list(tx.execute(sa.select(log.c.kind).order_by(log.c.id)).scalars())


def test_a_restart_between_two_wishes_is_not_noticed(chat: Talk, server: Server) -> None:
    chat.settled("Ana")
    open_before = chat.serving("Ana").id

    restart(server)

    assert chat.say("Ana", i.Progress()).title
    assert chat.serving("Ana").id == open_before


def test_without_its_server_a_wish_is_answered_with_a_plain_sentence_and_afterwards_granted(
    chat: Talk, server: Server
) -> None:
    chat.settled("Ana")
    answer, before = chat.strong("Ana"), kinds(chat)
    event = chat.invocation("Ana", i.SubmitAnswer(answer=answer))

    server.stop()
    with pytest.raises(StoreError, match=r"^I cannot get at my memory just now\. Please try again in a minute\.$"):
        chat.world.rolecall.reply_to(event)
    server.up()
    assert kinds(chat) == before
    reply = chat.world.rolecall.reply_to(event)

    assert reply is not None
    assert kinds(chat)[len(before) :].count("answered") == 1


def test_a_restart_while_reminders_go_out_loses_none_and_doubles_none(
    chat: Talk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Ana", "Ben", "Cleo"):
        chat.settled(name)
    deliver, restarts = chat.inbox.deliver, 0

    async def deliver_and_fail(push: Push) -> Sent:
        nonlocal restarts
        sent = await deliver(push)
        assert isinstance(sent, Sent)
        if not restarts:
            restarts += 1
            restart(server)
        return sent

    monkeypatch.setattr(chat.inbox, "deliver", deliver_and_fail)
    chat.world.wait(3 * DAY)

    assert restarts == 1
    keys = [push.key for push in chat.inbox.pushes]
    assert len(set(keys)) == len(keys)
    with chat.tx() as tx:
        rows = tx.execute(sa.select(outbox.c.dedupe_key, outbox.c.state)).all()
    assert {r.dedupe_key for r in rows if r.state == "sent"} == set(keys)
    assert {r.state for r in rows} <= {"sent", "skipped"}
    assert {"ana", "ben", "cleo"} <= {
        push.to.account.user_id for push in chat.inbox.pushes if hasattr(push.to, "account")
    }


@contextmanager
def cutting(server: Server, folder: Path) -> Iterator[threading.Event]:
    """A socket before the server's. Once the event is set, it passes the next COMMIT on and cuts before the reply."""
    cut, path = threading.Event(), folder / ".s.PGSQL.5432"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve(client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as behind:
            behind.connect(str(server.folder / ".s.PGSQL.5432"))
            silent = False
            while True:
                for one in select.select([client, behind], [], [])[0]:
                    data = one.recv(65536)
                    if not data or (silent and one is behind):
                        return
                    if cut.is_set() and one is client and b"COMMIT" in data:
                        cut.clear()
                        silent = True
                    (behind if one is client else client).sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                serving = threading.Thread(target=serve, args=(listener.accept()[0],))
                serving.start()
                threads.append(serving)

    threads = [threading.Thread(target=accept)]
    threads[0].start()
    try:
        yield cut
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join()


def test_when_the_answer_to_a_commit_is_lost_the_same_words_again_count_once(
    own_databases: Databases, server: Server, tmp_path: Path
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        cutting(server, Path(folder)) as cut,
        own_databases.fresh(own_databases.template) as url,
        talk(tmp_path, db=f"{url.partition('?')[0]}?host={folder}") as chat,
    ):
        chat.settled("Ana")
        answer, before, serving = chat.strong("Ana"), kinds(chat), chat.serving("Ana").id

        cut.set()
        with pytest.raises(StoreError) as lost:
            chat.say("Ana", i.SubmitAnswer(serving, answer))
        assert "ended the connection" in lost.value.detail
        assert kinds(chat)[len(before) :] == ["answered"]

        chat.say("Ana", i.SubmitAnswer(serving, answer))
        chat.world.wait(DAY)
        assert kinds(chat)[len(before) :].count("answered") == 1
        assert kinds(chat)[len(before) :].count("assessed") == 1
