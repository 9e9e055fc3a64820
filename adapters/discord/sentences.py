"""What only the Discord app says. Words only."""

from __future__ import annotations

from bot.door.intents import Intent
from bot.door.messages import Button, Message, paragraph, quote

CHANGE_IT = "Change it"
_AGAIN = "Nothing of it is kept with me, so please copy it before you type the command once more."


def refused(reason: str, texts: list[str], opener: Intent | None) -> Message:
    """What was wrong with a form, and all that was written in it. `opener`: the wish that opens it again.

    Discord closes a form before anybody can say what is wrong with it.
    """
    blocks = [paragraph(reason)]
    if texts:
        blocks += [paragraph("This is what you had written:"), *map(quote, texts)]
    if opener is None:
        return Message("A word about your form", (*blocks, paragraph(_AGAIN)) if texts else tuple(blocks))
    return Message("A word about your form", tuple(blocks), (Button(CHANGE_IT, opener, primary=True),))
