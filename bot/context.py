"""What a reply is made from: one transaction, one member, one instant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.catalogue import Catalogue
from bot.door.invocation import Place
from bot.model import Account, Event, Member, ServingId
from bot.store.session import Tx

NewId = Callable[[], str]
"""Gives a new id of at most 32 characters, from injected randomness."""


@dataclass(frozen=True, slots=True)
class Context:
    tx: Tx
    member: Member
    now: datetime
    """UTC."""
    bank: Catalogue
    new_id: NewId
    maker: str = ""
    """Whose language model reads answers, too; empty: none does."""
    account: Account | None = None
    """The account that wishes; None for what comes by itself. So `place`."""
    place: Place | None = None
    manages: bool = False
    """Whether the platform says that the member runs the workspace."""
    organises: bool = False
    """Whether that makes them organiser of the cohorts that meet in it."""
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """As in `door.invocation.Actor`."""
    asks_zone: bool = False
    """Whether neither the platform nor the member has said where they live."""

    def of(self, member: Member) -> Context:
        """The same moment for another state of the member."""
        return replace(self, member=member)

    def event(self, kind: str, serving: ServingId | None = None, **data: object) -> Event:
        return Event(self.member.id, kind, self.now, serving, data)
