"""Who is in a cohort, who is made what, and lists of people, as organisers use them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cohort_model import Office, Preset
from bot.cohorts import roster_list
from bot.cohorts.roster_list import Entry, Fault
from bot.door import cohort_intents as c
from bot.errors import FieldError, RolecallError
from bot.model import Account
from bot.store import invitations
from tests.cohorts.group import Group, group
from tests.talk import Talk, buttons, talk, words

HEAD = "platform,user_id,tenant,role\n"


@pytest.fixture
def made(chat: Talk) -> Group:
    return group(chat)


def offices(of: Group, name: str) -> set[Office]:
    return {s.office for s in of.seats(name)}


def listed(of: Group) -> dict[Account, Office]:
    with of.chat.tx() as tx:
        return invitations.of_cohort(tx, of.id)


# --- the roster


def test_the_roster_says_who_is_what_and_since_when_and_nothing_else(made: Group) -> None:
    made.says("Olga", c.Appoint(who="Ben", office="mentor"))
    said = words(made.says("Olga", c.Roster()))
    assert said.splitlines()[1:] == [
        "Olga, organiser since 5 January 2026",
        "Ben, mentor and learner since 5 January 2026",
        "Ana, learner since 5 January 2026",
    ]


def test_the_roster_is_for_organisers_and_mentors(made: Group) -> None:
    with pytest.raises(RolecallError, match="for a cohort's organisers and mentors"):
        made.says("Ana", c.Roster())
    made.says("Olga", c.Appoint(who="Ana", office="mentor"))
    made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,cem,,", go="yes"))
    assert "not in it yet: 1." in words(made.says("Ana", c.Roster()))
    assert "terminal:cem" not in words(made.says("Ana", c.Roster()))
    assert "terminal:cem" in words(made.says("Olga", c.Roster()))


def test_a_long_roster_has_pages(chat: Talk) -> None:
    made = group(chat, learners=[f"Learner {n:02}" for n in range(30)], show="")
    first = made.says("Olga", c.Roster())
    assert "Learner 23" in words(first) and "Learner 24" not in words(first)
    second = made.says("Olga", buttons(first)["Next page"])
    assert "Learner 24" in words(second) and "Next page" not in buttons(second)
    assert words(made.says("Olga", c.Roster(page="9999"))) == words(second)
    assert words(made.says("Olga", c.Roster(page="x"))) == words(first)


def test_a_long_list_says_how_many_it_leaves_out(made: Group) -> None:
    made.says("Olga", c.ImportRoster(people=HEAD + "".join(f"terminal,p{n},,\n" for n in range(100)), go="yes"))
    said = words(made.says("Olga", c.Roster()))
    assert "not in it yet: 100." in said and said.endswith("And 75 more.")


def test_ids_of_the_terminal_are_as_it_writes_them_and_hold_nothing_that_no_database_keeps(made: Group) -> None:
    said = words(made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,CEM,,\nterminal,a\0b,,\n", go="yes")))
    assert "Line 2: terminal:cem invited" in said and "Line 3" in said
    assert list(listed(made)) == [Account("terminal", "", "cem")]


# --- appointing


def test_an_office_is_added_and_the_person_is_not_written_to(made: Group) -> None:
    before = len(made.chat.inbox.pushes)
    said = made.says("Olga", c.Appoint(who="ana", office="mentor"))
    assert "Ana is now a mentor" in words(said) and "tell them yourself" in words(said)
    assert offices(made, "Ana") == {Office.LEARNER, Office.MENTOR}
    assert len(made.chat.inbox.pushes) == before
    assert "already a mentor" in words(made.says("Olga", c.Appoint(who="Ana", office="mentor")))


def test_a_further_office_leaves_how_somebody_appears(made: Group) -> None:
    made.says("Ana", c.Appear(alias="Heron"))
    made.says("Olga", c.Appoint(who="Ana", office="mentor"))
    assert {(s.alias, s.on_board) for s in made.seats("Ana")} == {("Heron", True)}


def test_made_a_learner_somebody_is_nothing_else_any_more(made: Group) -> None:
    made.says("Olga", c.Appoint(who="Ana", office="organiser"))
    said = made.says("Ana", c.Appoint(who="Olga", office="learner"))
    assert "no longer organiser" in words(said)
    assert offices(made, "Olga") == {Office.LEARNER}


def test_the_last_organiser_stays_one(made: Group) -> None:
    for office in ("learner", "none"):
        with pytest.raises(RolecallError, match="would have no organiser"):
            made.says("Olga", c.Appoint(who="Olga", office=office))
    assert offices(made, "Olga") == {Office.ORGANISER}


def test_none_takes_somebody_off(made: Group) -> None:
    assert "no longer in “Spring”" in words(made.says("Olga", c.Appoint(who="Ana", office="none")))
    assert offices(made, "Ana") == set()


@pytest.mark.parametrize("who", ["Ana", "ANA", "@Ana", "<@ana>", "<@!ana>", "<@ana|ana>", "ana", "terminal:ana"])
def test_people_are_named_as_one_writes_them(made: Group, who: str) -> None:
    made.says("Olga", c.Appoint(who=who, office="mentor"))
    assert Office.MENTOR in offices(made, "Ana")


def test_two_of_one_name_are_told_apart_by_their_ids(made: Group) -> None:
    other = made.chat.invocation("Zed", c.JoinCohort(made.cohort.invite_code or ""))
    made.chat.world.rolecall.reply_to(replace(other, actor=replace(other.actor, display_name="Ana")))
    assert "Ana (terminal:ana)" in words(made.says("Olga", c.Roster()))
    with pytest.raises(RolecallError, match="terminal:ana, terminal:zed"):
        made.says("Olga", c.Appoint(who="Ana ", office="mentor"))
    made.says("Olga", c.Appoint(who="terminal:zed", office="mentor"))
    assert offices(made, "Zed") == {Office.LEARNER, Office.MENTOR}


def test_who_is_not_in_it_is_put_on_its_list_and_gets_in_by_saying_so(made: Group) -> None:
    said = made.says("Olga", c.Appoint(who="terminal:cem", office="mentor"))
    assert "terminal:cem is on the list of “Spring” now, as mentor" in words(said)
    made.chat.say("Dan", c.JoinCohort())
    known = made.says("Olga", c.Appoint(who="<@dan>", office="mentor"))
    assert words(known).replace("dan", "cem") == words(said)  # whether somebody uses Rolecall is nobody's business
    made.chat.say("Cem", c.JoinCohort(made.id))
    assert (offices(made, "Cem"), offices(made, "Dan")) == ({Office.MENTOR}, set())
    made.says("Olga", c.Appoint(who="terminal:dan", office="none"))
    assert not listed(made)


def test_nobody_from_outside_is_found_by_name(made: Group) -> None:
    made.chat.say("Cem", c.JoinCohort())
    for who in ("Cem", "matrix:cem", "discord:cem"):
        with pytest.raises(RolecallError, match="Nobody in this cohort is called"):
            made.says("Olga", c.Appoint(who=who, office="mentor"))


def test_what_is_missing_or_strange_is_said(made: Group) -> None:
    with pytest.raises(RolecallError, match="Say who"):
        made.says("Olga", c.Appoint(who="Ana"))
    with pytest.raises(FieldError, match="office is"):
        made.says("Olga", c.Appoint(who="Ana", office="king"))
    with pytest.raises(RolecallError, match="for the organisers"):
        made.says("Ana", c.Appoint(who="Ana", office="organiser"))


# --- how lists are read


@pytest.mark.parametrize(
    "text",
    [
        "platform,user_id\nterminal,ana\n",
        "\ufeffPlatform;User ID\r\nterminal;ana\r\n",
        "user\tplatform\tname\n ana \tTERMINAL\tAna of the board\n",
        '"platform","userid","full name"\n\n"terminal","ana","Ana, of course"\n\n',
        "Service,Member-ID,Tenant,Role\nterminal,<@ana>,ignored here,",
    ],
)
def test_lists_are_read_as_spreadsheets_write_them(text: str) -> None:
    (entry,) = roster_list.read(text, {})
    assert isinstance(entry, Entry)
    assert (entry.account, entry.office) == (Account("terminal", "", "ana"), Office.LEARNER)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_are_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    assert roster_list.text_of("platform,user_id".encode(encoding)) == "platform,user_id"


def test_a_file_that_is_no_text_is_refused_with_the_remedy() -> None:
    with pytest.raises(RolecallError, match="Save it as CSV in UTF-8"):
        roster_list.text_of(b"PK\x03\x04\xff\xfe\x81")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The list is empty"),
        ("\n \n", "The list is empty"),
        ("platform,user_id\n", "nobody below it"),
        ("name,email\nAna,ana@example.org\n", "no column platform and no column user_id; I found: name, email"),
        ("terminal,ana\n", "I found: terminal, ana. Write it like platform,user_id,tenant,role"),
        ("platform,name\nterminal,Ana\n", "no column user_id"),
    ],
)
def test_a_list_without_its_header_says_what_was_found_and_is_needed(text: str, said: str) -> None:
    with pytest.raises(RolecallError) as refused:
        roster_list.read(text, {})
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("matrix,ana", "“matrix” is none of slack, discord, terminal"),
        (",ana", "“” is none of"),
        ("terminal,", "no user id"),
        (f"terminal,{'a' * 65}", "at most 64 characters"),
        ("terminal,Ana Maria", "without spaces"),
        ("discord,ana#1234", "a Discord user id"),
        ("discord,1.23457E+17", "keep it as text"),
        ("slack,ana,T02AB3CD4", "a Slack user id"),
        ("slack,U02AB3CD4", "name the Slack team"),
        ("terminal,ana,,king", "“king” is none of learner, mentor and organiser"),
        ('terminal,"ana', "quotation mark"),
    ],
)
def test_a_line_that_will_not_do_says_why_and_spoils_no_other(line: str, why: str) -> None:
    first, second = roster_list.read(f"{HEAD}{line}\nterminal,ben\n", {})
    assert isinstance(first, Fault) and first.line == 2 and why in first.why
    assert isinstance(second, Entry) and second.line == 3


def test_a_slack_team_is_the_one_of_who_asks_where_the_list_names_none() -> None:
    (entry,) = roster_list.read("platform,user_id\nslack,u02ab3cd4\n", {"slack": "T02AB3CD4"})
    assert isinstance(entry, Entry) and entry.account == Account("slack", "T02AB3CD4", "U02AB3CD4")


# --- inviting


def test_a_check_changes_nothing_and_says_what_would_happen(made: Group) -> None:
    text = f"{HEAD}terminal,cem,,mentor\nterminal,ana,,mentor\nterminal,cem,,\nmatrix,x,,\n"
    said = words(made.says("Olga", c.ImportRoster(people=text)))
    assert "1 would be invited; 1 in the cohort already; 2 to be mended." in said
    assert "Line 2: terminal:cem would be invited as mentor." in said
    assert "Line 3: terminal:ana in the cohort already; nothing changes." in said
    assert "Line 4: the same person as in line 2." in said
    assert "Nothing has changed" in said and not listed(made)


def test_people_on_the_list_join_as_what_it_says_and_are_not_written_to(chat: Talk) -> None:
    made = group(chat, learners=(), preset=Preset.WORKPLACE)
    form = made.form("Olga", c.PasteRoster())
    given = {f.name: f.initial for f in form.fields}
    assert given["go"] == "no"
    made.says("Olga", form.submit({"people": f"{HEAD}terminal,mia,,organiser\nterminal,ana,,", "go": "yes"}))
    assert len(listed(made)) == 2 and not chat.inbox.pushes
    assert "2 people on its list have not joined yet" in words(made.says("Olga", c.ShowCohort()))
    chat.say("Mia", c.JoinCohort(made.id))
    chat.say("Ana", c.JoinCohort(made.id))
    assert (offices(made, "Mia"), offices(made, "Ana")) == ({Office.ORGANISER}, {Office.LEARNER})
    assert not listed(made)


def test_a_second_list_changes_what_somebody_is_invited_as(made: Group) -> None:
    made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,cem,,\nterminal,dan,,", go="yes"))
    said = words(made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,cem,,mentor\nterminal,dan,,", go="yes")))
    assert "1 invited as something else; 1 on the list already." in said
    assert list(listed(made).values()) == [Office.MENTOR, Office.LEARNER]


def test_seats_are_left_alone_by_a_list(made: Group) -> None:
    made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,ana,,organiser", go="yes"))
    assert offices(made, "Ana") == {Office.LEARNER} and not listed(made)


def test_a_report_that_is_too_long_shows_what_is_to_be_mended_first(made: Group) -> None:
    text = HEAD + "".join(f"terminal,p{n},,\n" for n in range(100)) + "matrix,x,,\n"
    said = made.says("Olga", c.ImportRoster(people=text))
    lines = words(said).splitlines()
    assert lines[1:3] == [
        "100 would be invited; 1 to be mended.",
        "Line 102: “matrix” is none of slack, discord, terminal.",
    ]
    assert any("more lines" in line for line in lines) and len(words(said)) < 1_900


def test_lists_and_seats_are_kept_alike_in_both_databases(tmp_path: Path, store_place: str) -> None:
    with talk(tmp_path, db=store_place) as chat:
        made = group(chat)
        made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,cem,,\nterminal,dan,,mentor", go="yes"))
        made.says("Olga", c.ImportRoster(people=f"{HEAD}terminal,cem,,mentor\n", go="yes"))
        chat.say("Cem", c.JoinCohort(made.id))
        made.says("Olga", c.Appoint(who="Ben", office="none"))
        said = words(made.says("Olga", c.Roster()))
        assert [line.split(",")[0] for line in said.splitlines()[1:4]] == ["Olga", "Cem", "Ana"]
        assert listed(made) == {Account("terminal", "", "dan"): Office.MENTOR}
        made.says("Ana", c.LeaveCohort())
        assert "Learners: 0" in words(made.says("Olga", c.ShowCohort()))


# --- on the command line


@pytest.fixture
def live(tmp_path: Path) -> Iterator[str]:
    """The place of a database with the cohort Spring, which nobody has open."""
    with talk(tmp_path) as chat:
        group(chat)
    yield str(tmp_path / "play.db")


def rolecall(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["cohort", *arguments])
    said = f"{result.output}{'' if result.exception is None else result.exception}"
    return result.exit_code, said


def test_a_file_is_checked_then_imported_line_by_line(live: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{HEAD}terminal,cem,,mentor\nterminal,ana,,\n", encoding="utf-8-sig")
    code, said = rolecall("import", str(file), "--cohort", "spring", "--dry-run", "--db", live)
    assert (code, "Line 2: terminal:cem would be invited as mentor." in said) == (0, True)
    code, said = rolecall("import", str(file), "--cohort", "spring", "--db", live)
    assert (code, "1 invited; 1 in the cohort already." in said) == (0, True)
    code, said = rolecall("import", str(file), "--cohort", "spring", "--db", live)
    assert (code, "1 on the list already; 1 in the cohort already." in said) == (0, True)


def test_ten_thousand_lines_take_a_few_seconds(live: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEAD + "".join(f"discord,{10**17 + n},,\n" for n in range(10_000)))
    began = time.perf_counter()
    code, said = rolecall("import", str(file), "--cohort", "Spring", "--db", live)
    assert (code, "10000 invited." in said) == (0, True)
    assert time.perf_counter() - began < 10


def test_a_list_with_faults_ends_with_one(live: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{HEAD}matrix,x,,\nterminal,cem,,\n")
    code, said = rolecall("import", str(file), "--cohort", "Spring", "--db", live)
    assert (code, "1 invited; 1 to be mended." in said) == (1, True)


def test_what_is_not_there_is_said(live: str, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    assert "cannot be read" in rolecall("import", str(file), "--cohort", "Spring", "--db", live)[1]
    file.write_text(f"{HEAD}terminal,cem,,\n")
    assert "no cohort called Winter" in rolecall("import", str(file), "--cohort", "Winter", "--db", live)[1]


def test_the_list_of_cohorts_says_how_many_are_in_each(live: str) -> None:
    code, said = rolecall("list", "--db", live)
    assert code == 0
    assert "Spring: study_group, UTC, no dates; 2 learners, 0 mentors, 1 organiser; terminal #ml" in said
