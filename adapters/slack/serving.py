"""Serves a Slack app until it is stopped, by Socket Mode or by signed HTTP."""

from __future__ import annotations

from collections.abc import Callable

from adapters.slack.app import SlackApp
from adapters.slack.installation import Installation


async def serve(app: SlackApp, installation: Installation, *, ready: Callable[[], None] = lambda: None) -> None:
    """Until cancelled; then what is being worked on is finished. `ready` is called once events can come.

    Raises RolecallError where Slack does not let it in, or the port is taken.
    """
    raise NotImplementedError
