"""A cohort that was set up as people do it: somebody creates it, binds a channel, and the others join by its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.cohort_model import Cohort, Preset, Seat
from bot.door import cohort_intents as c
from bot.door.intents import Intent
from bot.door.invocation import Place
from bot.door.messages import ChannelPost, Form, Message, Push
from bot.model import CohortId
from bot.store import cohorts
from tests.talk import Talk


@dataclass
class Group:
    chat: Talk
    id: CohortId
    organiser: str
    """The name of who created it, who is not a learner."""
    learners: tuple[str, ...]
    channel: str

    @property
    def cohort(self) -> Cohort:
        """As it is now."""
        with self.chat.tx() as tx:
            found = cohorts.cohort_of(tx, self.id)
        assert found is not None
        return found

    @property
    def posts(self) -> list[Push]:
        """What has come to its channel so far, also edits of it."""
        return [p for p in self.chat.inbox.pushes if isinstance(p.to, ChannelPost) and p.to.channel == self.channel]

    def says(self, name: str, wish: Intent) -> Message:
        """What a member hears in private."""
        return self.chat.say(name, wish)

    def in_channel(self, name: str, wish: Intent, channel: str = "") -> Message:
        """What a member hears, privately as always, who wishes something in the channel."""
        return said_in(self.chat, name, wish, channel or self.channel)

    def form(self, name: str, wish: Intent) -> Form:
        return self.chat.form(name, wish)

    def joins(self, name: str, show: str = "name") -> None:
        """Somebody joins by the code and says how the board may name them; show="": they leave that open."""
        self.says(name, c.JoinCohort(self.cohort.invite_code or ""))
        if show:
            self.says(name, c.Appear(self.id, show, alias=f"{name} the {show}" if show == "alias" else ""))

    def seats(self, name: str) -> Sequence[Seat]:
        """What somebody is in it now."""
        member = self.chat.member(name)
        with self.chat.tx() as tx:
            return [s for s in cohorts.seats(tx, self.id) if s.member == member]


def group(
    chat: Talk,
    organiser: str = "Olga",
    learners: Sequence[str] = ("Ana", "Ben"),
    *,
    name: str = "Spring",
    preset: Preset = Preset.STUDY_GROUP,
    zone: str = "UTC",
    channel: str = "#ml",
    show: str = "name",
    starts: str = "",
    ends: str = "",
) -> Group:
    """`channel` "": none is bound. `show`: how the learners appear on the board; "": they have not said."""
    chat.say(organiser, c.CreateCohort(name, preset, zone, starts, ends))
    with chat.tx() as tx:
        id = next(found.id for found in cohorts.living(tx) if found.name == name)
    made = Group(chat, id, organiser, tuple(learners), channel)
    if channel:
        made.in_channel(organiser, c.BindChannel(id))
    for learner in learners:
        made.joins(learner, show)
    return made


def said_in(chat: Talk, name: str, wish: Intent, channel: str) -> Message:
    """What somebody hears who wishes something in a channel."""
    place = Place("terminal", channel, is_private=False)
    reply = chat.world.rolecall.reply_to(replace(chat.invocation(name, wish), place=place))
    assert reply is not None
    chat.world.settle()
    return reply.message
