"""Offices that come with a role of the server, and what its managers may do with cohorts that meet there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import select

from bot.cohort_model import Cohort
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.errors import FieldError, RolecallError
from bot.model import ServingId, TicketId
from bot.store import cohorts
from bot.store.cohort_tables import office_role
from bot.store.tables import decision
from tests.members.test_linking import link
from tests.servers import Server, account, alone, member
from tests.talk import DAY, Talk, talk, words

MENTORS, HELPERS = "42", "43"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Talk]:
    with talk(tmp_path) as chat:
        yield chat


@pytest.fixture
def server(chat: Talk) -> Server:
    server = Server(chat)
    server.comes()
    return server


@pytest.fixture
def spring(server: Server) -> Cohort:
    """A cohort that meets on the server, whose mentors are those who hold a role there."""
    spring = server.meets()
    server.says("Olga", c.Appoint(spring.id, f"<@&{MENTORS}>", "mentor"))
    return spring


def offices(server: Server, name: str, of: Cohort) -> set[str]:
    found = member(server.chat, name)
    with server.chat.tx() as tx:
        return {s.office.value for s in cohorts.seats(tx, of.id) if found and s.member == found.id}


def test_who_holds_the_role_is_mentor_from_their_next_wish_on(server: Server, spring: Cohort) -> None:
    server.says("Mia", i.Help())
    assert offices(server, "Mia", spring) == set()

    server.roles["Mia"] = {MENTORS, "7"}
    heard = words(server.says("Mia", i.Queue()))

    assert offices(server, "Mia", spring) == {"mentor"}
    assert "Mentors: Mia" in words(server.says("Olga", c.ShowCohort(spring.id)))
    assert "You are neither mentor" not in heard


def test_who_has_lost_the_role_gives_back_what_they_were_reading(server: Server, spring: Cohort) -> None:
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())
    ticket = waiting_answer(server, spring)
    server.says("Mia", i.TakeTicket(ticket))
    assert claims(server) == 1

    server.roles["Mia"] = set()
    with pytest.raises(RolecallError):
        server.says("Mia", i.TakeTicket(ticket))

    assert (offices(server, "Mia", spring), claims(server)) == (set(), 0)


def waiting_answer(server: Server, of: Cohort) -> TicketId:
    """Ana learns in it, and asks that somebody look at her answer."""
    server.says("Ana", c.JoinCohort(of.invite_code or ""))
    server.says("Ana", i.Start())
    answer = "I would look at recall, since most payments are fine, and read some of the wrong ones."
    server.says("Ana", i.SubmitAnswer(answer=answer))
    with server.chat.tx() as tx:
        [serving] = tx.exec_driver_sql("SELECT id FROM serving WHERE closed_at IS NOT NULL").scalars()
    server.says("Ana", i.AskReview(ServingId(serving)))
    with server.chat.tx() as tx:
        return TicketId(tx.exec_driver_sql("SELECT id FROM ticket").scalar_one())


def claims(server: Server) -> int:
    with server.chat.tx() as tx:
        return len(tx.execute(select(decision.c.member_id)).all())


def test_a_seat_of_ones_own_does_not_depend_on_the_role(server: Server, spring: Cohort) -> None:
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())
    server.says("Olga", c.Appoint(spring.id, "Mia", "mentor"))

    server.roles["Mia"] = set()
    server.says("Mia", i.Help())

    assert offices(server, "Mia", spring) == {"mentor"}


def test_who_unlinks_the_account_that_holds_the_role_is_in_office_no_more(server: Server, spring: Cohort) -> None:
    chat = server.chat
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())
    chat.say("Nia", i.Start())
    link(chat, "Mia", "Nia")
    assert offices(server, "Nia", spring) == {"mentor"}

    chat.say("Nia", i.Unlink("mia", "yes"))
    assert offices(server, "Nia", spring) == set()

    server.says("Mia", i.Help())
    assert offices(server, "Mia", spring) == {"mentor"}
    assert offices(server, "Nia", spring) == set()


def test_with_two_roles_one_is_enough(server: Server, spring: Cohort) -> None:
    server.says("Olga", c.Appoint(spring.id, f"<@&{HELPERS}>", "mentor"))
    server.roles["Mia"] = {MENTORS, HELPERS}
    server.says("Mia", i.Help())

    server.roles["Mia"] = {HELPERS}
    server.says("Mia", i.Help())
    assert offices(server, "Mia", spring) == {"mentor"}

    server.says("Olga", c.Appoint(spring.id, f"<@&{MENTORS}>", "none"))
    assert offices(server, "Mia", spring) == {"mentor"}
    server.says("Olga", c.Appoint(spring.id, f"<@&{HELPERS}>", "none"))
    assert offices(server, "Mia", spring) == set()


def test_what_a_role_gives_can_be_changed_and_is_listed_for_organisers_only(server: Server, spring: Cohort) -> None:
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())

    heard = server.says("Olga", c.Appoint(spring.id, f"<@&{MENTORS}>", "organiser"))

    assert f"Whoever holds role {MENTORS} is an organiser of “Spring”" in words(heard)
    assert offices(server, "Mia", spring) == set()
    server.says("Mia", i.Help())
    assert offices(server, "Mia", spring) == {"organiser"}
    server.says("Ana", c.JoinCohort(spring.invite_code or ""))
    assert f"role {MENTORS} (organiser)" in words(server.says("Olga", c.ShowCohort(spring.id)))
    assert f"role {MENTORS} (organiser)" in words(server.says("Mia", c.Roster(spring.id)))
    assert "role" not in words(server.says("Ana", c.ShowCohort(spring.id)))


@pytest.mark.parametrize(
    ("office", "said"),
    [
        ("learner", "Learners decide for themselves"),
        ("boss", "office is organiser, mentor, learner, or none"),
    ],
)
def test_what_cannot_be_is_refused(server: Server, spring: Cohort, office: str, said: str) -> None:
    with pytest.raises(FieldError, match=said) as refused:
        server.says("Olga", c.Appoint(spring.id, f"<@&{MENTORS}>", office))

    assert refused.value.field == "office"


def test_the_role_of_everybody_makes_nobody_a_mentor(chat: Talk) -> None:
    server = Server(chat, "80351110224678900")
    server.comes()
    spring = server.meets()

    with pytest.raises(RolecallError, match="everybody on the server"):
        server.says("Olga", c.Appoint(spring.id, f"<@&{server.id}>", "mentor"))


def test_a_role_can_be_named_only_on_its_server(server: Server, spring: Cohort) -> None:
    for wish in (c.Appoint(spring.id, f"<@&{MENTORS}>", "none"), c.Appoint(spring.id, f"<@&{HELPERS}>", "mentor")):
        with pytest.raises(RolecallError, match="Type the command on the server whose role it is"):
            alone(server.chat, "Olga", wish)


def test_in_a_direct_message_the_server_is_asked_of_those_whom_it_concerns(server: Server, spring: Cohort) -> None:
    looked_up = server.chat.world.rolecall.role_workspaces
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())
    Server(server.chat, "S2").says("Ben", i.Help())

    assert looked_up(account("Mia")) == {"S1"}
    assert looked_up(account("Ben")) == looked_up(account("Nobody")) == frozenset()

    server.roles["Mia"] = set()
    alone(server.chat, "Mia", i.Help())
    assert offices(server, "Mia", spring) == {"mentor"}, "nobody has looked"
    alone(server.chat, "Mia", i.Help(), [server])
    assert offices(server, "Mia", spring) == set()
    server.leaves()
    assert looked_up(account("Mia")) == frozenset()


def test_who_is_in_office_by_a_role_cannot_be_dismissed_nor_leave(server: Server, spring: Cohort) -> None:
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())

    with pytest.raises(RolecallError, match="Take that role from them"):
        server.says("Olga", c.Appoint(spring.id, "Mia", "none"))
    with pytest.raises(RolecallError, match="by a role on its server"):
        server.says("Mia", c.LeaveCohort(spring.id, "yes"))


def test_a_mentor_by_role_may_learn_there_too_and_stop_learning(server: Server, spring: Cohort) -> None:
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", c.JoinCohort(spring.invite_code or ""))
    assert offices(server, "Mia", spring) == {"learner", "mentor"}

    left = server.says("Mia", c.LeaveCohort(spring.id, "yes"))

    assert "You are mentor of “Spring” by a role" in words(left)
    assert offices(server, "Mia", spring) == {"mentor"}


@pytest.mark.parametrize("reminders", ["no", "yes"])
def test_who_was_never_asked_is_written_to_only_with_reminders_on(
    server: Server, spring: Cohort, reminders: str
) -> None:
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.SaveSettings("Mia", "UTC", "09:00", "mle", reminders))
    waiting_answer(server, spring)

    server.chat.world.wait(2 * DAY)

    to_mia = [p for p in server.chat.inbox.pushes if p.key.startswith("mentor_work")]
    assert bool(to_mia) == (reminders == "yes")


def test_a_server_that_is_forgotten_makes_nobody_anything(server: Server, spring: Cohort) -> None:
    elsewhere = Server(server.chat, "S2")
    elsewhere.comes()
    server.roles["Mia"] = {MENTORS}
    server.says("Mia", i.Help())
    elsewhere.says("Mia", i.Help())
    elsewhere.says("Ben", c.JoinCohort(spring.invite_code or ""))
    server.leaves()
    for _ in range(15):
        server.chat.world._move_to(server.chat.world.now() + DAY)

    server.chat.world.rolecall.forget_left()

    assert (offices(server, "Mia", spring), offices(server, "Ben", spring)) == (set(), {"learner"})
    with server.chat.tx() as tx:
        assert tx.execute(office_role.select()).all() == []


def test_two_wishes_at_once_give_one_seat(tmp_path: Path, store_place: str) -> None:
    with talk(tmp_path, db=store_place) as chat:
        server = Server(chat)
        server.comes()
        spring = server.meets()
        server.says("Olga", c.Appoint(spring.id, f"<@&{MENTORS}>", "mentor"))
        server.says("Mia", i.Help())
        for held in ({MENTORS}, set[str](), {MENTORS}):
            server.roles["Mia"] = held
            start = Barrier(4)

            def wish(_: int, start: Barrier = start) -> None:
                said = server.here("Mia", i.Help())
                start.wait()
                chat.world.rolecall.reply_to(said)

            with ThreadPoolExecutor(4) as pool:
                list(pool.map(wish, range(4)))
            assert offices(server, "Mia", spring) == ({"mentor"} if held else set())


# --- who manages the server


def test_who_manages_a_server_runs_the_cohorts_that_meet_there(server: Server, spring: Cohort) -> None:
    server.run_by.add("Max")
    server.says("Max", c.SaveCohort("Spring", goal="12"))

    shown = server.says("Max", c.ShowCohort())

    with server.chat.tx() as tx:
        assert [one.goal for one in cohorts.living(tx)] == [12]
    assert "Settings" in {b.label for b in shown.buttons}
    assert "Olga, organiser" in words(server.says("Max", c.Roster()))
    assert offices(server, "Max", spring) == set()


def test_nobody_runs_by_it_what_meets_elsewhere(server: Server, spring: Cohort) -> None:
    other = Server(server.chat, "S2", run_by={"Max"})
    other.comes()

    with pytest.raises(RolecallError):
        other.says("Max", c.SaveCohort(spring.id, goal="12"))
    with pytest.raises(RolecallError):
        other.says("Max", c.ShowCohort(spring.id))


def test_in_a_direct_message_nobody_manages_a_server(server: Server, spring: Cohort) -> None:
    server.run_by.add("Max")
    server.says("Max", c.CohortReport(spring.id))

    with pytest.raises(RolecallError):
        alone(server.chat, "Max", c.CohortReport(spring.id))


def test_a_learner_of_the_server_runs_nothing(server: Server, spring: Cohort) -> None:
    server.says("Ana", c.JoinCohort(spring.invite_code or ""))

    with pytest.raises(RolecallError):
        server.says("Ana", c.SaveCohort(spring.id, goal="12"))
