"""What only the Discord app says. Words only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.door.intents import Intent
from bot.door.messages import Button, Message, paragraph, quote

CHANGE_IT = "Change it"
TEXT_ONLY = (
    "I read text only, and no files. Discord makes a file of what is longer than 2,000 characters: type answer, with "
    "nothing else, and I give you a form in which 3,000 fit."
)
IN_A_FILE = "It is long, so it comes as a file."
_AGAIN = "Please copy it before you type the command once more: Discord will not show it to you again."


def refused(reason: str, texts: Sequence[str], opener: Intent | None) -> Message:
    """What was wrong with a form or a command, and all that was written in it. `opener`: the wish that opens the form.

    Discord closes a form before anybody can say what is wrong with it, and shows nobody the text of a command again.
    """
    blocks = [paragraph(reason)]
    if texts:
        blocks += [paragraph("This is what you had written:"), *map(quote, texts)]
    if opener is None:
        return Message("A word about what you sent", (*blocks, paragraph(_AGAIN)) if texts else tuple(blocks))
    return Message("A word about what you sent", tuple(blocks), (Button(CHANGE_IT, opener, primary=True),))
