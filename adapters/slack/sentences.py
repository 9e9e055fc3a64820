"""What only the Slack app says: where a payload cannot become a wish, or a reply has to wait. Words only."""

from __future__ import annotations

NOT_HERE = (
    "I answer only members of the workspace that I am installed in, and keep nothing of what others write. "
    "Ask your own workspace's admins whether they would like to install me."
)
ONE_MOMENT = (
    "I am still working on this. You may close this window: what you sent is with me, and my reply comes as a message."
)
DONE = "That is done. You can close this window; my reply is in our messages, or in the channel you came from."
NO_COMMAND = (
    "Behind my name I understand commands, such as practice or today. /rolecall help lists them all; in a direct "
    "message to me the words alone will do."
)
