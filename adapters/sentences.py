"""What adapters themselves say: where something done on a platform cannot become a wish, or a reply has to wait.

Words only; what only one platform needs stands in its own `sentences`.
"""

from __future__ import annotations

from bot.door import commands
from bot.door.intents import Intent
from bot.door.messages import Button, Form, Message, paragraph, quote

TYPE_AGAIN = "The form could not be opened in time. Please type the command once more."
STILL_THERE = "Your text still stands above: please send it again then."
TEXT_ONLY = "I read text only. Please type your answer here as a message, without a file."
NOTHING_TO_ANSWER = (
    "There is nothing to answer in that message. Choose this on a problem of mine, or type /rolecall practice for one."
)


def said(text: str) -> Message:
    """A sentence as a private message. It may repeat what somebody typed, so a notification does not show it."""
    return Message("A word from Rolecall", tuple(paragraph(line) for line in text.split("\n") if line.strip()))


def failed(reference: str) -> str:
    """After a failure that nobody foresaw; the reference finds it in the log."""
    return (
        f"Something went wrong on my side (reference {reference}). What you did before is kept. Please try again in a "
        "minute; if it happens again, give the reference to whoever runs me."
    )


def form_by_button(form: Form, wish: Intent) -> Message:
    """Where a form could not be opened at once: platforms allow that only right after a press or a command."""
    button = Button(form.title, wish, primary=True)
    try:
        commands.encode(button)
    except ValueError:
        return said(TYPE_AGAIN)
    return Message("A form waits for you", (paragraph("Press the button to open the form."),), (button,))


def sent_back(reason: str, texts: list[str]) -> Message:
    """What a form held that was refused after it had been closed, so that nobody writes it twice."""
    return Message(
        "What you sent could not be taken",
        (paragraph(reason), paragraph("This is what you had written:"), *map(quote, texts)),
    )
