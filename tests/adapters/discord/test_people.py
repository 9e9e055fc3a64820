"""What somebody may follows from their roles at this very moment; who comes to a server and who leaves is noted."""

from __future__ import annotations

import re

import pytest
from simcord.actors import MemberActor

from adapters.discord import people
from bot.model import Account
from tests.adapters.discord.running import Running, answer


async def give(app: Running, who: MemberActor, role: int) -> None:
    app.env.backend.add_member_role(app.guild.id, who.id, role)
    await app.quiet()


async def take(app: Running, who: MemberActor, role: int) -> None:
    app.env.backend.remove_member_role(app.guild.id, who.id, role)
    await app.quiet()


async def cohort(app: Running, name: str) -> str:
    """The code of a new cohort that meets in the room."""
    made = answer(await app.command(app.ben, "cohort create", name=name))
    await app.command(app.ben, "cohort bind", cohort=name)
    code = re.search(r"cohort join (\S{9})", made)
    assert code
    return code[1]


async def test_only_who_manages_the_server_sets_up_cohorts(app: Running) -> None:
    refused = await app.command(app.ada, "cohort create")
    assert refused.modal is None and "Cohorts are set up by" in answer(refused)
    assert (await app.command(app.ben, "cohort create")).modal


async def test_who_may_no_longer_manage_the_server_is_refused_at_once(app: Running) -> None:
    await cohort(app, "Autumn")
    other = app.guild.add_member(app.env.create_user("cid", global_name="Cid"), roles=[app.staff])
    assert "Autumn" in answer(await app.command(other, "cohort report", cohort="Autumn"))
    await take(app, other, app.staff.id)
    refused = answer(await app.command(other, "cohort report", cohort="Autumn"))
    assert "without names" not in refused and "Autumn" not in refused.splitlines()[0]


async def test_a_role_is_a_mentors_office_as_long_as_it_is_held(app: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "SECONDS", 0.0)
    await cohort(app, "Winter")
    mentors = app.guild.create_role("Mentors")
    appointed = await app.command(app.ben, "cohort appoint", who=mentors, office="mentor", cohort="Winter")
    assert f"<@&{mentors.id}> is a mentor" in answer(appointed)
    await app.command(app.ada, "start")
    is_none = "Answers are shown to mentors"
    assert is_none in answer(await app.command(app.ada, "mentor queue"))
    await give(app, app.ada, mentors.id)
    assert is_none not in await app.says(app.ada, "mentor queue")
    await take(app, app.ada, mentors.id)
    assert is_none in await app.says(app.ada, "mentor queue")


async def test_who_has_lost_the_role_is_no_mentor_on_another_server_either(
    app: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "SECONDS", 0.0)
    await cohort(app, "Monsoon")
    mentors = app.guild.create_role("Mentors")
    await app.command(app.ben, "cohort appoint", who=mentors, office="mentor", cohort="Monsoon")
    await give(app, app.ada, mentors.id)
    elsewhere = app.env.create_guild("Elsewhere")
    talk, there = elsewhere.create_text_channel("talk"), elsewhere.add_member(app.ada.user)
    await app.command(app.ada, "start")

    async def queue() -> str:
        return answer(await app.does(there.slash(talk, "rolecall mentor queue")))

    is_none = "Answers are shown to mentors"
    assert is_none not in await queue()
    await take(app, app.ada, mentors.id)
    assert is_none in await queue()


async def test_in_private_discord_is_asked_for_roles_once_a_minute(app: Running) -> None:
    def asked() -> int:
        return sum(request.path.endswith(f"/members/{app.ada.id}") for request in app.env.http_requests)

    await cohort(app, "Summer")
    role = app.guild.create_role("Mentors")
    await app.command(app.ben, "cohort appoint", who=role, office="mentor", cohort="Summer")
    await app.command(app.ada, "start")
    assert asked() == 0
    for words in ("today", "progress", "hint"):
        await app.says(app.ada, words)
    assert asked() == 1


async def test_where_discord_does_not_say_who_holds_a_role_they_are_answered_all_the_same(app: Running) -> None:
    await cohort(app, "Spring")
    role = app.guild.create_role("Mentors")
    await app.command(app.ben, "cohort appoint", who=role, office="mentor", cohort="Spring")
    await app.command(app.ada, "start")
    app.env.inject_error("GET", "/guilds/*/members/*", status=503, times=None)
    assert "Hint 1" in await app.says(app.ada, "hint")


async def test_the_zone_is_not_known_and_the_name_is_the_one_on_the_server(app: Running) -> None:
    dora = app.guild.add_member(app.env.create_user("dora", global_name="Dora"), nick="Dee")
    assert "Hello Dee" in answer(await app.command(dora, "start"))
    assert app.world.rolecall.zone_of(Account("discord", "", str(dora.id))) == "UTC"


async def test_somebody_is_one_person_on_all_servers_and_in_private(app: Running) -> None:
    await app.command(app.ada, "start")
    other = app.env.create_guild("Elsewhere")
    there = other.add_member(app.ada.user)
    said = answer(await app.does(there.slash(other.create_text_channel("talk"), "rolecall hint")))
    assert "Hint 1" in said
    assert "had every hint" not in said and "Hint 2" in await app.says(app.ada, "hint")


async def test_servers_are_known_as_they_come_and_go(app: Running) -> None:
    known = app.world.rolecall.workspaces
    assert str(app.guild.id) in known("discord")
    other = app.env.create_guild("Elsewhere")
    await app.quiet()
    assert str(other.id) in known("discord")
    app.env.backend.remove_guild(other.id)
    await app.quiet()
    assert str(other.id) not in known("discord")


async def test_a_server_that_left_while_nobody_listened_is_noted_at_the_start(app: Running) -> None:
    app.world.rolecall.workspace_here("discord", "4711", "Gone")
    await app.restart()
    assert "4711" not in app.world.rolecall.workspaces("discord")
    assert str(app.guild.id) in app.world.rolecall.workspaces("discord")


async def test_a_server_that_left_while_the_connection_was_lost_is_noted_when_it_is_back(app: Running) -> None:
    other = app.env.create_guild("Elsewhere")
    await app.quiet()
    known = app.world.rolecall.workspaces
    assert str(other.id) in known("discord")
    emit = app.env.backend.emit
    app.env.backend.emit = lambda *_: None  # type: ignore[method-assign]
    app.env.backend.remove_guild(other.id)
    app.env.backend.emit = emit  # type: ignore[method-assign]
    app.env.inject_error("GET", "/users/@me/guilds", status=503, times=1)

    await app.app.on_ready()
    await app.quiet()
    assert str(other.id) in known("discord"), "Discord has not said so"
    await app.app.on_ready()
    await app.quiet()
    assert known("discord") == {str(guild) for guild in app.env.backend.guilds}


async def test_a_server_that_is_down_has_not_left(app: Running) -> None:
    down = app.env.create_guild("Down")
    await app.quiet()
    guild = app.client.get_guild(down.id)
    assert guild
    guild.unavailable = True
    gone = app.env.backend.guilds.pop(down.id)

    await app.app.on_ready()
    await app.quiet()

    app.env.backend.guilds[down.id] = gone
    assert str(down.id) in app.world.rolecall.workspaces("discord")
