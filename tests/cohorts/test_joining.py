"""Joining by code or by list, how one appears, and leaving, as a member meets it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cohort_model import Office, Preset
from bot.cohorts import boards, cohort_fields
from bot.door import cohort_intents as c
from bot.door import intents as i
from bot.errors import FieldError, RolecallError
from bot.model import Account, Decision, ProblemId, Route, Ticket, TicketId, TicketKind
from bot.store import cohorts, invitations, members, reviews, roster
from tests.cohorts.group import Group, group
from tests.talk import Talk, buttons, talk, words


@pytest.fixture
def refreshed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the cohorts whose posted boards were looked at again."""
    seen: list[str] = []
    refresh = boards.refresh

    def noted(tx: object, cohort: object, now: object) -> None:
        seen.append(cohort.id)  # type: ignore[attr-defined]
        refresh(tx, cohort, now)  # type: ignore[arg-type]

    monkeypatch.setattr(boards, "refresh", noted)
    return seen


def put_on_list(chat: Talk, to: Group, name: str, office: Office = Office.LEARNER) -> None:
    with chat.tx() as tx:
        invitations.keep(tx, to.id, {Account("terminal", "", name.lower()): office}, chat.world.now())


def code_of(of: Group) -> str:
    assert of.cohort.invite_code is not None
    return of.cohort.invite_code


# --- codes


def test_codes_have_no_look_alikes_and_are_read_as_people_type_them(chat: Talk) -> None:
    made = group(chat, learners=())
    code = code_of(made)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}", code)
    chat.say("Ana", c.JoinCohort(code.lower().replace("-", " ")))
    assert [s.office for s in made.seats("Ana")] == [Office.LEARNER]


@given(st.sets(st.text(alphabet="0123456789abcdef", min_size=16, max_size=16), min_size=50))
def test_different_ids_give_different_codes(ids: set[str]) -> None:
    assert len({cohort_fields.code(id) for id in ids}) == len(ids)


def test_a_code_that_is_taken_is_drawn_again() -> None:
    drawn = iter(["a", "b"])
    taken = cohort_fields.code("a")
    assert cohort_fields.new_code(lambda: next(drawn), lambda code: code == taken) == cohort_fields.code("b")


def test_a_new_code_ends_the_one_until_now(chat: Talk) -> None:
    made = group(chat, learners=())
    old = code_of(made)
    said = made.says("Olga", buttons(made.says("Olga", c.InviteToCohort()))["Make a new code"])
    assert code_of(made) in words(said) and code_of(made) != old
    assert "I know no cohort with this code" in words(chat.say("Ana", c.JoinCohort(old)))


def test_a_wrong_code_says_nothing_of_what_there_is(chat: Talk) -> None:
    group(chat, name="Layoffs")
    said = chat.say("Eve", c.JoinCohort("AAAA-AAAA"))
    assert "I know no cohort with this code" in words(said) and "Layoffs" not in words(said)


def test_nobody_guesses_codes(chat: Talk) -> None:
    made = group(chat, learners=())
    for n in range(10):
        assert "I know no cohort" in words(chat.say("Eve", c.JoinCohort(f"AAAA-AAA{n}")))
        chat.world.wait(timedelta(minutes=1))
    assert "look at no more for a while" in words(chat.say("Eve", c.JoinCohort(code_of(made))))
    chat.world.wait(timedelta(minutes=51))
    chat.say("Eve", c.JoinCohort(code_of(made)))
    assert made.seats("Eve")


# --- joining


def test_a_study_group_asks_how_its_board_may_name_you_and_says_who_reads_answers(chat: Talk) -> None:
    made = group(chat, learners=())
    said = chat.say("Ana", c.JoinCohort(code_of(made)))
    assert "a mentor reads it" in words(said) and "posted in #ml" in words(said)
    assert {"With my name", "Under an alias", "Not at all"} <= set(buttons(said))
    (seat,) = made.seats("Ana")
    assert (seat.on_board, seat.check_in, seat.asked_at) == (False, False, None)
    chat.say("Ana", buttons(said)["With my name"])
    chat.say("Ana", buttons(said)["An organiser may check in on me"])
    (seat,) = made.seats("Ana")
    assert (seat.on_board, seat.check_in) == (True, True) and seat.asked_at is not None


def test_a_workplace_asks_nothing_and_puts_nobody_on_a_board(chat: Talk) -> None:
    made = group(chat, learners=(), preset=Preset.WORKPLACE)
    put_on_list(chat, made, "Ana")
    said = chat.say("Ana", c.JoinCohort(made.id))
    assert "Nobody is on a board here unless they ask" in words(said)
    assert "With my name" not in buttons(said)
    assert not made.seats("Ana")[0].on_board


def test_a_code_may_be_typed_in_any_way_and_what_is_none_is_not_looked_up(chat: Talk) -> None:
    made = group(chat, learners=())
    code = code_of(made)
    for name, typed in (
        ("Ana", code.lower()),
        ("Ben", code.replace("-", "")),
        ("Cem", f" “{code.replace('-', ' ')}”."),
    ):
        assert "You are in Spring" in str(chat.say(name, c.JoinCohort(typed)).title)
    for typed in ("\0", "\ud800", "K7QD", code + "X"):
        assert "I know no cohort with this code" in words(chat.say("Dan", c.JoinCohort(typed)))


def test_joining_twice_changes_nothing(chat: Talk) -> None:
    made = group(chat)
    before = made.seats("Ana")
    assert "You are in “Spring” already" in words(chat.say("Ana", c.JoinCohort(code_of(made))))
    assert made.seats("Ana") == before


def test_a_cohort_that_is_to_begin_takes_people_and_an_archived_one_does_not(chat: Talk) -> None:
    made = group(chat, starts="2026-03-01")
    assert "begins on 1 March 2026" in words(chat.say("Cem", c.JoinCohort(code_of(made))))
    made.says("Olga", c.ArchiveCohort(confirm="yes"))
    with pytest.raises(RolecallError, match="has ended"):
        chat.say("Dan", c.JoinCohort(code_of(made)))


def test_by_list_only_those_on_it_join_and_the_rest_learn_how_to_get_there(chat: Talk) -> None:
    made = group(chat, learners=(), preset=Preset.WORKPLACE)
    with pytest.raises(RolecallError, match=r"put you there\. You are terminal:eve"):
        chat.say("Eve", c.JoinCohort(code_of(made)))
    put_on_list(chat, made, "Mia", Office.MENTOR)
    asked = chat.say("Mia", c.JoinCohort())
    assert "Spring, as its mentor" in words(asked)
    said = chat.say("Mia", buttons(asked)["Join Spring"])
    assert [s.office for s in made.seats("Mia")] == [Office.MENTOR]
    assert "You are a mentor of it" in words(said)
    assert "You are on no cohort's list" in words(chat.say("Mia", c.JoinCohort()))


def test_an_id_of_a_cohort_is_no_code_for_who_is_not_on_its_list(chat: Talk) -> None:
    made = group(chat, learners=())
    assert "I know no cohort with this code" in words(chat.say("Eve", c.JoinCohort(made.id)))


def test_who_is_on_a_list_may_decline(chat: Talk) -> None:
    made = group(chat, learners=(), preset=Preset.WORKPLACE)
    put_on_list(chat, made, "Ana")
    asked = chat.say("Ana", c.JoinCohort())
    assert "no longer on the list" in words(chat.say("Ana", buttons(asked)["Decline Spring"]))
    with chat.tx() as tx:
        assert invitations.size(tx, made.id) == 0


# --- appearing


def test_an_alias_is_chosen_in_a_form(chat: Talk) -> None:
    made = group(chat)
    form = made.form("Ana", c.ChooseAlias())
    said = made.says("Ana", form.submit({"alias": "  Blue   Heron "}))
    assert "On its board you are “Blue Heron”" in words(said)
    assert made.form("Ana", c.ChooseAlias()).fields[0].initial == "Blue Heron"


@pytest.mark.parametrize(
    "alias",
    [
        "Ben",
        "b e n",
        "BÉN",
        "Ben\u200b",
        "Olga",
        "0lga",
        "\u041elg\u0430",  # the first and last letter are Cyrillic
        "Olgaa Brandt",
        "Heron of Ben",
        "Mentor",
        "@everyone",
        "<!channel>",
        "*bold*",
        "<@U0123>",
        "x" * 41,
        "…",
        "\u3164",
        "",
    ],
)
def test_an_alias_passes_for_nobody_and_is_no_markup(alias: str) -> None:
    with pytest.raises(FieldError) as refused:
        cohort_fields.alias(alias, {"Olga Brandt", "Ben", "Dan", "Heron of Ben"}, ["Olga Brandt", "Dan"])
    assert refused.value.field == "alias"


@pytest.mark.parametrize("alias", ["Blue Heron", "Ana", "Łukasz", "陳大文", "नमस्ते", "O'Neill-Smith Jr.", "7 of 9"])
def test_an_alias_may_be_in_any_language(alias: str) -> None:
    assert cohort_fields.alias(f" {alias} ", {"Ben", "Olga"}, ["Olga"]) == alias


def test_names_aliases_and_names_on_the_platform_of_others_are_taken(chat: Talk) -> None:
    made = group(chat, learners=("Ana", "Ben", "Dan"))
    chat.say("Ben", i.SaveSettings(name="Benjamin"))
    made.says("Dan", c.Appear(alias="Heron"))
    for alias in ("Ben", "Benjamin", "HERON", "Olga"):
        with pytest.raises(FieldError):
            made.says("Ana", c.Appear(show="alias", alias=alias))
    assert made.seats("Ana")[0].alias is None
    made.says("Dan", c.Appear(alias="Heron"))  # one's own is not taken


def test_every_change_of_how_one_appears_reaches_boards_that_are_posted(chat: Talk, refreshed: list[str]) -> None:
    made = group(chat)
    refreshed.clear()
    made.says("Ana", c.Appear(show="off"))
    made.says("Ana", c.Appear(alias="Heron"))
    made.says("Ana", c.Appear(show="name"))
    assert refreshed == [made.id] * 3
    made.says("Ana", c.Appear())
    assert len(refreshed) == 3


def test_taking_ones_name_off_forgets_the_alias(chat: Talk) -> None:
    made = group(chat, show="alias")
    assert made.seats("Ana")[0].alias == "Ana the alias"
    assert "You are not on its board" in words(made.says("Ana", c.Appear(show="off")))
    assert (made.seats("Ana")[0].alias, made.seats("Ana")[0].on_board) == (None, False)
    with pytest.raises(FieldError, match="Say which name"):
        made.says("Ana", c.Appear(show="alias"))


def test_opting_out_of_one_cohort_leaves_the_others(chat: Talk) -> None:
    groups = [group(chat, name=f"Group {n}", channel=f"#g{n}") for n in range(3)]
    chat.say("Ana", c.Appear(groups[1].id, "off"))
    assert [g.seats("Ana")[0].on_board for g in groups] == [True, False, True]


def test_a_mentor_says_whether_they_are_thanked(chat: Talk) -> None:
    made = group(chat, learners=())
    put_on_list(chat, made, "Mia", Office.MENTOR)
    said = chat.say("Mia", c.JoinCohort(made.id))
    assert "You are thanked by name" in words(chat.say("Mia", buttons(said)["Thank me by name"]))
    assert made.seats("Mia")[0].thanks
    with pytest.raises(RolecallError, match="has no row for you"):
        chat.say("Mia", c.Appear(show="name"))


def test_what_cannot_be_read_changes_nothing(chat: Talk) -> None:
    made = group(chat)
    before = made.seats("Ana")
    for wish in (c.Appear(show="loudly"), c.Appear(check_in="perhaps"), c.Appear(thanks="perhaps")):
        with pytest.raises(FieldError):
            made.says("Ana", wish)
    assert made.seats("Ana") == before


# --- leaving


def test_who_could_not_come_back_by_themselves_is_asked_first(chat: Talk) -> None:
    made = group(chat, learners=(), preset=Preset.WORKPLACE)
    put_on_list(chat, made, "Ana")
    chat.say("Ana", c.JoinCohort(made.id))
    asked = chat.say("Ana", c.LeaveCohort())
    assert "Only an organiser can let you in again" in words(asked) and made.seats("Ana")
    chat.say("Ana", buttons(asked)["Yes, leave"])
    assert not made.seats("Ana")


def test_leaving_takes_somebody_off_at_once_and_coming_back_asks_anew(chat: Talk, refreshed: list[str]) -> None:
    made = group(chat)
    refreshed.clear()
    assert "its boards no longer name you" in words(made.says("Ana", c.LeaveCohort()))
    assert not made.seats("Ana") and refreshed == [made.id]
    made.joins("Ana", show="")
    assert [(s.on_board, s.asked_at) for s in made.seats("Ana")] == [(False, None)]


def test_the_last_organiser_cannot_leave_until_there_is_another(chat: Talk) -> None:
    made = group(chat)
    with pytest.raises(RolecallError, match="would have no organiser"):
        made.says("Olga", c.LeaveCohort(confirm="yes"))
    made.says("Olga", c.Appoint(who="Ana", office="organiser"))
    asked = made.says("Olga", c.LeaveCohort())
    assert made.seats("Olga") and "You are organiser of" in words(asked)
    made.says("Olga", buttons(asked)["Yes, leave"])
    assert not made.seats("Olga")


def test_what_a_mentor_was_about_to_review_goes_to_others(chat: Talk) -> None:
    made = group(chat)
    made.says("Olga", c.Appoint(who="Ben", office="mentor"))
    ana, ben, now = chat.member("Ana"), chat.member("Ben"), chat.world.now()
    ticket = Ticket(TicketId("t1"), ana, TicketKind.LEECH, Route.MENTORS, ProblemId("p"), (), now, cohort=made.id)
    with chat.tx() as tx:
        reviews.add(tx, ticket)
        reviews.keep(tx, Decision(ticket.id, ben, now, now + timedelta(minutes=30)))
    made.says("Ben", c.LeaveCohort(confirm="yes"))
    with chat.tx() as tx:
        assert not reviews.decisions(tx, ticket.id)


def test_who_is_deleted_is_gone_from_every_cohort_and_list(chat: Talk, refreshed: list[str]) -> None:
    made, other = group(chat), group(chat, organiser="Paul", learners=(), name="Autumn", channel="#b")
    put_on_list(chat, other, "Ana")
    account = chat.actor("Ana").account
    refreshed.clear()
    made.says("Ana", i.Delete("yes"))
    with chat.tx() as tx:
        assert members.of_account(tx, account) is None
        assert not invitations.of_accounts(tx, [account])
        assert cohorts.size(tx, made.id, Office.LEARNER) == 1
    assert refreshed == [made.id]


def test_nobody_is_given_power_when_the_last_organiser_is_deleted(chat: Talk) -> None:
    made = group(chat)
    made.says("Olga", c.Appoint(who="Ben", office="mentor"))
    made.says("Olga", i.Delete("yes"))
    with chat.tx() as tx:
        assert roster.without_organiser(tx) == ["Spring"]
        assert cohorts.size(tx, made.id, Office.ORGANISER) == 0


def test_the_doctor_names_a_cohort_that_nobody_organises(tmp_path: Path) -> None:
    with talk(tmp_path) as chat:
        group(chat).says("Olga", i.Delete("yes"))
    said = CliRunner().invoke(app, ["doctor", "--no-sample", "--db", str(tmp_path / "play.db")]).output
    assert "warn  cohorts: nobody organises Spring. Make somebody its organiser" in said
