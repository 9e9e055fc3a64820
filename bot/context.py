"""What a reply is made from: one transaction, one member, one instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.catalogue import Catalogue
from bot.model import Event, Member, ServingId
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

    def of(self, member: Member) -> Context:
        """The same moment for another state of the member."""
        return replace(self, member=member)

    def event(self, kind: str, serving: ServingId | None = None, **data: object) -> Event:
        return Event(self.member.id, kind, self.now, serving, data)
