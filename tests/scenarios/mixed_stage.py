"""The stage of two platforms: one bot in a Slack and in a Discord, some people here, some there, some on both."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from adapters.slack.teams import Workspaces
from bot.cli.compose import PlayWorld, open_play
from tests.adapters.slack.running import installation
from tests.discord.local import LocalDiscord
from tests.scenarios import hearing
from tests.scenarios.discord_stage import Clock, DiscordStage, Door
from tests.scenarios.slack_stage import AtOnce, SlackStage
from tests.scenarios.stage import Post, Shown
from tests.slack.local import LocalSlack


class MixedStage:
    """Implements `stage.Stage`. A channel of both is read in Discord."""

    knows_zones = False

    def __init__(self, world: PlayWorld, slack: SlackStage, discord: DiscordStage, on_slack: Collection[str]) -> None:
        self._world, self.slack, self.discord, self._on_slack = world, slack, discord, on_slack
        self._zones: dict[str, str] = {}
        self._on_both: set[str] = set()

    def comes_to_both(self, who: str) -> None:
        """From now on somebody is on either platform, every day on the other one."""
        (self.discord if who in self._on_slack else self.slack).arrive(who, self._zones[who])
        self._on_both.add(who)

    def arrive(self, who: str, zone: str, *, manages: bool = False) -> None:
        self._zones[who] = zone
        self._where(who).arrive(who, zone, manages=manages)

    def now(self) -> datetime:
        return self._world.now()

    def wait_until(self, at: datetime) -> None:
        if at > self.now():
            self._world.wait(at - self.now())
            self.slack.quiet()
            self.discord.quiet()

    def say(self, who: str, line: str, channel: str = "") -> Shown:
        return self._where(who).say(who, line, channel)

    def press(self, who: str, label: str, channel: str = "") -> Shown:
        return self._where(who).press(who, label, channel)

    def fill(self, who: str, **values: str) -> Shown:
        return self._where(who).fill(who, **values)

    def channel(self, name: str) -> Sequence[Post]:
        return self.discord.channel(name)

    def inbox(self, who: str) -> Sequence[Post]:
        if who in self._on_both:
            return sorted([*self.slack.inbox(who), *self.discord.inbox(who)], key=lambda post: post.at)
        return self._where(who).inbox(who)

    def shut_door(self, who: str) -> None:
        self._where(who).shut_door(who)

    def transcript(self, channel: str, zone: str) -> str:
        return self.discord.transcript(channel, zone)

    def _where(self, who: str) -> SlackStage | DiscordStage:
        is_slack = who in self._on_slack
        if who in self._on_both and self.now().toordinal() % 2:
            is_slack = not is_slack
        return self.slack if is_slack else self.discord


@contextmanager
def mixed_stage(folder: Path, *, start: datetime, seed: int, on_slack: Collection[str]) -> Iterator[MixedStage]:
    """A stage on a new database. What fails, is refused or comes too late on either platform, fails the story."""
    clock, door = Clock(start), Door()
    with hearing.failures() as failed, LocalSlack(clock=clock) as slack, LocalDiscord(clock=clock) as discord:
        of, teams = installation(slack), Workspaces()
        gateway = AtOnce(of, teams, lambda team, members: world.rolecall.user_ids("slack", team, members))
        place = folder / "play.db"
        with (
            open_play(place, start=start, seed=seed, zone="UTC", gateway=gateway, further=[door]) as world,
            ExitStack() as life,
        ):
            clock.world = world
            asyncio.run(teams.learn(of))
            here = SlackStage(world, slack, of)
            life.callback(here.close)
            there = DiscordStage(world, discord, door)
            life.callback(there.close)
            yield MixedStage(world, here, there, on_slack)
    assert not slack.refusals, slack.refusals[0]
    assert not slack.late, slack.late[0]
    assert not discord.refusals, discord.refusals[0]
    assert not discord.late, discord.late[0]
    assert not failed, failed[0]
