"""Somebody practises on two platforms, and is one person with one memory from the moment that they say so."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.door import intents as i
from bot.door.intents import Link
from bot.errors import RolecallError
from bot.practice import projection
from bot.store import merging, tables
from tests.practice.test_rebuild import state
from tests.talk import DAY, Talk, buttons, words


def code_of(chat: Talk, name: str) -> str:
    """The code that somebody is given."""
    found = re.search(r"me link (\w{4}-\w{4})", words(chat.say(name, i.Link())))
    assert found
    return found[1]


def link(chat: Talk, maker: str, other: str) -> str:
    """What is heard when the other says yes."""
    asked = chat.say(other, Link(code_of(chat, maker)))
    return words(chat.say(other, buttons(asked)["Yes, both are me"]))


def rows_naming(chat: Talk, member: str) -> list[str]:
    """The tables in which a member's id stands, anywhere."""
    with chat.tx() as tx:
        return [
            f"{t.name}: {row}"
            for t in tables.metadata.sorted_tables
            for row in tx.execute(sa.select(t))
            if any(member in str(v) for v in row)
        ]


@pytest.fixture
def two(chat: Talk) -> Talk:
    """Ana in one place, and what she does as Nana in another, before she links the two."""
    chat.settled("Ana")
    chat.say("Ana", i.SubmitAnswer(answer="Something of my own, in a few plain words."))
    chat.settled("Nana", zone="Europe/Berlin", time="18:00")
    chat.say("Nana", i.Hint())
    return chat


@pytest.fixture
def both(chat: Talk) -> Talk:
    """Two who have just said hello, as Ana and as Nana."""
    for name in ("Ana", "Nana"):
        chat.say(name, i.Start())
    return chat


def test_after_the_link_both_accounts_are_one_person_and_nothing_is_lost(two: Talk) -> None:
    ana, nana = two.member("Ana"), two.member("Nana")
    answers = [r["text"] for name in ("Ana", "Nana") for r in two.kept(name)["attempt"]]

    said = link(two, "Ana", "Nana")

    assert "You are one person now" in said
    assert two.member("Nana") == two.member("Ana") == ana
    assert sorted(r["text"] for r in two.kept("Ana")["attempt"]) == sorted(answers)
    assert rows_naming(two, nana) == []


def test_the_one_who_made_the_code_keeps_name_and_settings(two: Talk) -> None:
    link(two, "Ana", "Nana")

    [member] = two.kept("Nana")["member"]
    assert (member["name"], member["zone"], str(member["remind_at"])) == ("Ana", "UTC", "09:00:00")


def test_before_anything_happens_it_is_said_what_will(two: Talk) -> None:
    asked = two.say("Nana", Link(code_of(two, "Ana")))

    said = words(asked)
    assert "made by Ana" in said and "Go on only if that is you" in said
    assert "at 09:00 (UTC)" in said
    assert two.member("Nana") != two.member("Ana")
    assert "nothing changed" in words(two.say("Nana", buttons(asked)["No"]))
    assert two.member("Nana") != two.member("Ana")


def test_an_account_that_is_new_brings_the_settings_of_the_other_along(chat: Talk) -> None:
    chat.settled("Ana", zone="Europe/Berlin")

    link(chat, "Neu", "Ana")

    [member] = chat.kept("Neu")["member"]
    assert (member["name"], member["zone"], member["reminders"]) == ("Ana", "Europe/Berlin", True)
    assert {r["kind"] for r in chat.kept("Neu")["schedule"]} == {"review_due", "weekly_summary"}


def test_the_open_question_of_either_can_be_answered_from_both(two: Talk) -> None:
    asked = two.serving("Nana")
    link(two, "Ana", "Nana")

    two.say("Ana", i.SubmitAnswer(asked.id, "Precision counts the alarms that were right."))

    assert "Precision counts" in str(two.kept("Nana")["attempt"])


def test_memory_is_that_of_one_person_who_did_both(two: Talk) -> None:
    """Both had the warm-up: what is rated a second time within days is rated as somebody who has just seen it."""
    two.world.wait(2 * DAY)
    link(two, "Ana", "Nana")
    merged = state(two)

    with two.tx() as tx:
        projection.rebuild(tx)

    assert state(two) == merged
    assert max(r["times"] for r in two.kept("Ana")["exposure"]) == 2


def test_two_who_had_nothing_in_common_are_joined_without_working_anything_out(chat: Talk) -> None:
    chat.settled("Ana")
    chat.say("Neu", i.Progress())
    before = state(chat)

    link(chat, "Ana", "Neu")

    assert state(chat) == before
    with chat.tx() as tx:
        projection.rebuild(tx)
    assert state(chat) == before


def test_three_accounts_become_one_person(two: Talk) -> None:
    two.settled("Third")
    link(two, "Ana", "Nana")

    link(two, "Nana", "Third")

    assert len({two.member(name) for name in ("Ana", "Nana", "Third")}) == 1
    assert len(two.kept("Ana")["account"]) == 3


def test_one_reminder_comes_for_one_day(two: Talk) -> None:
    for name in ("Ana", "Nana"):
        two.say(name, i.SaveSettings(time="09:00", zone="UTC"))
    link(two, "Ana", "Nana")
    before = len(two.inbox.pushes)

    two.world.wait(3 * DAY)

    keys = [p.key for p in two.inbox.pushes[before:] if p.key.startswith("review_due")]
    days = [p.key.rpartition(":")[2] for p in two.inbox.pushes[before:] if p.key.startswith("review_due")]
    assert keys and len(days) == len(set(days))


def test_what_waited_for_either_comes_once_and_to_the_account_that_it_was_for(two: Talk) -> None:
    ana, nana = two.member("Ana"), two.member("Nana")
    with two.tx() as tx:
        rows = {"platform": "terminal", "workspace": "terminal:", "bucket": "dm:terminal::nana", "nonce": "x"}
        new = {
            **rows,
            "member_id": nana,
            "kind": "verdict",
            "dedupe_key": "verdict:v",
            "data": {},
            "state": "claimed",
            "attempt": 0,
        }
        far = two.world.now() + 30 * DAY
        at = {"created_at": far, "not_before": far, "expires_at": far}
        tx.execute(sa.insert(tables.outbox).values(**new, **at, lease_owner="somebody"))
        for member in (nana, ana):
            again = {"dedupe_key": f"review_due:{member}:2026-03-02", "kind": "review_due", "state": "ready"}
            tx.execute(sa.insert(tables.outbox).values(**new | rows | again | at | {"member_id": member}))

    link(two, "Ana", "Nana")

    with two.tx() as tx:
        found = tx.execute(sa.select(tables.outbox).where(tables.outbox.c.not_before == far)).all()
    assert {r.member_id for r in found} == {ana}
    assert sorted((r.kind, r.state, r.lease_owner) for r in found) == [
        ("review_due", "ready", None),
        ("review_due", "skipped", None),
        ("verdict", "ready", None),
    ]


# --- codes


def test_a_code_that_was_used_says_so(both: Talk) -> None:
    code = code_of(both, "Ana")
    both.say("Nana", Link(code, "yes"))

    assert "has been used" in words(both.say("Eve", Link(code)))


def test_a_code_works_for_ten_minutes(both: Talk) -> None:
    code = code_of(both, "Ana")
    both.world.wait(timedelta(minutes=9))
    assert "Shall the two accounts" in words(both.say("Nana", Link(code)))

    both.world.wait(timedelta(minutes=1))

    assert "has expired" in words(both.say("Nana", Link(code, "yes")))
    assert both.member("Nana") != both.member("Ana")


def test_ones_own_code_is_for_the_other_platform(both: Talk) -> None:
    assert "You made this code here" in words(both.say("Ana", Link(code_of(both, "Ana"))))


def test_accounts_that_are_linked_already_are_told_so(both: Talk) -> None:
    link(both, "Ana", "Nana")

    assert "one person already" in words(both.say("Nana", Link(code_of(both, "Ana"))))


def test_a_new_code_takes_the_place_of_the_last(both: Talk) -> None:
    first = code_of(both, "Ana")
    code_of(both, "Ana")

    assert "no such code" in words(both.say("Nana", Link(first)))


def test_who_guesses_codes_is_soon_not_listened_to(both: Talk) -> None:
    code = code_of(both, "Ana")
    for n in range(5):
        assert "no such code" in words(both.say("Eve", Link(f"AAAA-AAA{n + 2}")))

    assert "Too many" in words(both.say("Eve", Link(code, "yes")))
    both.world.wait(timedelta(hours=1))
    assert "Shall the two accounts" in words(both.say("Eve", Link(code_of(both, "Ana"))))


def test_a_code_is_typed_as_it_was_shown_or_carelessly(both: Talk) -> None:
    code = code_of(both, "Ana")

    assert "Shall the two accounts" in words(both.say("Nana", Link(code.lower().replace("-", " "))))


def test_an_account_that_links_twice_at_once_is_linked_once(both: Talk) -> None:
    code = code_of(both, "Ana")
    both.say("Nana", Link(code, "yes"))

    said = words(both.say("Nana", Link(code, "yes")))

    assert "one person already" in said
    assert len(both.kept("Ana")["account"]) == 2


# --- unlinking


def test_an_account_that_is_unlinked_is_a_strangers_and_all_stays_with_the_other(both: Talk) -> None:
    link(both, "Ana", "Nana")
    kept = len(both.kept("Ana")["serving"])
    asked = both.say("Nana", i.Unlink("terminal:nana"))
    assert "Every answer, verdict and point stays" in words(asked)

    said = words(both.say("Nana", buttons(asked)["Yes, unlink it"]))

    assert "I no longer know you here" in said
    assert len(both.kept("Ana")["serving"]) == kept == 2
    assert "Hello Nana" in words(both.say("Nana", i.Start()))
    assert both.member("Nana") != both.member("Ana")
    link(both, "Ana", "Nana")
    assert both.member("Nana") == both.member("Ana")


def test_the_list_of_accounts_offers_each_of_them(both: Talk) -> None:
    link(both, "Ana", "Nana")

    shown = both.say("Ana", i.Unlink())

    assert "as Ana (ana): you are here, and this is where I write to you" in words(shown)
    asked = both.say("Ana", next(b for label, b in buttons(shown).items() if "nana" in label))
    both.say("Ana", buttons(asked)["No"])
    assert both.member("Nana") == both.member("Ana")
    both.say("Ana", buttons(asked)["Yes, unlink it"])
    assert [r["user_id"] for r in both.kept("Ana")["account"]] == ["ana"]


@pytest.mark.parametrize(("typed", "said"), [("slack", "None of your accounts"), ("terminal", "Several of your")])
def test_an_account_that_is_not_clear_is_asked_for(both: Talk, typed: str, said: str) -> None:
    link(both, "Ana", "Nana")

    with pytest.raises(RolecallError, match=said):
        both.say("Ana", i.Unlink(typed))


def test_the_last_account_stays(both: Talk) -> None:
    with pytest.raises(RolecallError, match="only account"):
        both.say("Ana", i.Unlink("terminal", "yes"))


def test_what_waited_for_an_unlinked_account_goes_to_the_other(both: Talk) -> None:
    link(both, "Ana", "Nana")
    both.say("Nana", i.SaveSettings(zone="UTC", time="09:00", reminders="yes"))
    both.world.wait(3 * DAY)
    with both.tx() as tx:
        sent = sa.update(tables.outbox).where(tables.outbox.c.bucket == "dm:terminal::nana")
        assert tx.execute(sent.values(state="ready", expires_at=both.world.now() + DAY)).rowcount

    both.say("Ana", i.Unlink("nana", "yes"))

    with both.tx() as tx:
        assert set(tx.execute(sa.select(tables.outbox.c.bucket)).scalars()) == {"dm:terminal::ana"}


# --- where reminders come, and one's data


def address(chat: Talk, before: int) -> set[str]:
    return {p.to.account.user_id for p in chat.inbox.pushes[before:] if hasattr(p.to, "account")}


def test_reminders_come_to_who_made_the_code_until_somebody_says_where(two: Talk) -> None:
    link(two, "Ana", "Nana")
    before = len(two.inbox.pushes)
    two.world.wait(2 * DAY)
    assert address(two, before) == {"ana"}

    two.say("Nana", buttons(two.say("Nana", i.Link()))["Remind me here"])

    before = len(two.inbox.pushes)
    two.world.wait(4 * DAY)
    assert address(two, before) == {"nana"}


def test_reminders_come_to_where_they_were_switched_on(two: Talk) -> None:
    link(two, "Ana", "Nana")
    two.say("Ana", i.SaveSettings(reminders="no"))

    two.say("Nana", i.SaveSettings(reminders="yes"))

    before = len(two.inbox.pushes)
    two.world.wait(4 * DAY)
    assert address(two, before) == {"nana"}


def test_export_and_delete_are_of_the_whole_person(two: Talk) -> None:
    link(two, "Ana", "Nana")
    assert "nana" in words(two.say("Ana", i.Export()))

    asked = two.say("Nana", i.Delete())

    assert "your 2 accounts, on the terminal" in words(asked)
    ana = two.member("Ana")
    two.say("Nana", buttons(asked)["Yes, delete everything"])
    assert rows_naming(two, ana) == []
    assert "Hello Ana" in words(two.say("Ana", i.Start()))


# --- the schema


def test_every_table_about_a_member_is_decided_about() -> None:
    """A new table fails here until `store.merging` says what becomes of its rows."""
    decided = {t.name for t in (*merging.MOVED, *merging.RESOLVED, *merging.DROPPED)}

    assert decided == {t.name for t in tables.personal()}


def test_every_column_that_names_a_member_is_decided_about() -> None:
    named = {
        f"{t.name}.{c.name}"
        for t in tables.metadata.sorted_tables
        for c in t.columns
        if isinstance(c.type, sa.String) and c.type.length == 32 and not c.foreign_keys
    }
    of_something_else = {"serving_id", "other_serving_id", "id", "role", "prompt_id", "cohort_id", "invite_code"}
    of_something_else |= {"kind", "code", "office", "state", "route", "outcome", "platform"}
    rest = {c for c in named if c.partition(".")[2] not in of_something_else}

    assert rest == {"ticket.offered_to", "doubt.decided_by"}
