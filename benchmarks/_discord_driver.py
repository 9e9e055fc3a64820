"""Starts a Discord bot as a process of its own, tells it of interactions as Discord would, and measures its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from benchmarks._discord_platform import Platform, interaction
from benchmarks._load import PATIENCE, Act, Pace, Run, Send, driven, free_port, running, serving, until_up


def load(command: Sequence[str], settings: Mapping[str, str], acts: Sequence[Act], pace: Pace) -> Run:
    """Starts a bot, tells it of the acts, waits for its replies, and stops it.

    In `settings`, environment variables, `{api}` stands for the address of the API.
    """
    return asyncio.run(_load(command, settings, acts, pace))


async def _load(command: Sequence[str], settings: Mapping[str, str], acts: Sequence[Act], pace: Pace) -> Run:
    platform = Platform(free_port())

    async def is_up() -> bool:
        return platform.is_ready

    async with serving(platform.app(), platform.port):
        own = {name: value.format(api=platform.address) for name, value in settings.items()}
        async with running(command, own) as app:
            await until_up(app, is_up)
            return await driven(platform, app, acts, _over(platform), pace)


def _over(platform: Platform) -> Send:
    async def send(act: Act, number: str) -> bool:
        done = platform.acked[number] = asyncio.get_running_loop().create_future()
        await platform.tell("INTERACTION_CREATE", interaction(act, number))
        try:
            return await asyncio.wait_for(done, PATIENCE)
        except TimeoutError:
            return False

    return send
