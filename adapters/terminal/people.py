"""Who may speak in this terminal, where each of them stands, and what each has begun to write."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.terminal.drafts import Drafts
from adapters.terminal.filling import Filling
from adapters.terminal.gateway import WORKSPACE
from adapters.terminal.steering import slug
from bot.door.invocation import Actor, Place
from bot.model import Account


@dataclass(slots=True)
class Person:
    actor: Actor
    place: Place
    filling: Filling | None = None
    """The form that was opened last and neither sent nor left."""
    filled_in: Place | None = None
    """Where the form's wish came from, and its reply goes."""
    stood_in: Place | None = None
    """Where the person stood when the form opened. Anywhere else it waits."""
    drafts: Drafts = field(default_factory=Drafts)

    @property
    def form(self) -> Filling | None:
        """The form that takes the next line; None while it waits in another place."""
        asks = self.filling is not None and not self.filling.done and self.stood_in == self.place
        return self.filling if asks else None

    @property
    def waiting(self) -> str:
        """Says that the form waits in another place; empty where none does."""
        if self.filling is None or self.filling.done or (there := self.stood_in) is None or there == self.place:
            return ""
        where, way = ("your DM", "dm") if there.is_private else (there.channel, f"in {there.channel}")
        return f"The form “{self.filling.form.title}” waits in {where}; > {way} goes back to it."

    def open_form(self, filling: Filling, place: Place) -> None:
        """Opens a form for a wish from `place`, before the person's eyes."""
        self.filling, self.filled_in, self.stood_in = filling, place, self.place

    def close_form(self) -> None:
        """Leaves the form without sending it; a text that was begun is kept as a draft."""
        if self.filling and self.filling.has_text:
            self.drafts.keep(self.filling.form.submits, self.filling.draft())
        self.filling = None

    @property
    def id(self) -> str:
        return self.actor.account.user_id

    @property
    def name(self) -> str:
        return self.actor.display_name


class People:
    """Everybody who has spoken; `current` is who types now. `zone` is what everybody's platform profile says."""

    def __init__(self, name: str, zone: str | None) -> None:
        self._zone = zone
        self._known: dict[str, Person] = {}
        self.current = self.seat(name)

    def seat(self, name: str) -> Person:
        """Lets the person of that name speak. Raises UsageError for a name without letters."""
        user = slug(name)
        if user not in self._known:
            self._known[user] = Person(
                Actor(account_of(user), " ".join(name.split()), zone=self._zone, manages=True), dm(user)
            )
        self.current = self._known[user]
        return self.current

    def actor(self, user: str) -> Actor:
        """The actor of an account, whether or not the person has spoken yet."""
        known = self._known.get(user)
        return known.actor if known else Actor(account_of(user), user, zone=self._zone)


def account_of(user: str) -> Account:
    return Account(WORKSPACE, "", user)


def dm(user: str) -> Place:
    return Place(WORKSPACE, f"dm:{user}", is_private=True)


def channel(name: str) -> Place:
    return Place(WORKSPACE, name, is_private=False)
