"""The shape of what is known of pay and demand: one record for each source, never averaged."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.catalogue.problem import DottedId, Line, Name, Part
from bot.catalogue.records import Alias, Record, SchemaOne
from bot.model import Role


class PayPlace(Part):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    cost_of_living: float | None = None
    """Against the national average; None where it varies or is not known."""


class Pay(Record):
    """What one source says one kind of person is paid. Records are shown side by side, never averaged."""

    role: Role
    measure: Literal["base", "total"]
    low: Annotated[int, Field(gt=0)]
    high: Annotated[int, Field(gt=0)]
    """A year, in `currency`."""
    open_ended: bool = False
    """The source writes “and more” behind `high`."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    scope: Line
    """Whom it is about: "L5", "entry, 0–2 years", "all levels"."""
    place: Name
    note: str = ""


class Salaries(Part):
    schema_version: SchemaOne
    places: tuple[PayPlace, ...]
    pay: tuple[Pay, ...]
    notes: tuple[Line, ...] = ()
    """How to read the records."""


Demand = Literal["low", "medium", "high", "very_high"]


class Sector(Part):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    note: str = ""


class Heatmap(Record):
    cells: dict[Role, dict[Name, Demand]]


class MarketNote(Record):
    """A trend, or what one kind of company looks for."""

    id: Name
    name: Line
    text: Line
    sectors: tuple[Name, ...] = ()


class Industry(Record):
    id: Name
    name: Line
    aliases: tuple[Alias, ...] = ()
    requirement: Line
    knowledge: Line
    sector: Name | None = None
    """The column of the heat map that it belongs to."""


class Market(Part):
    """content/market.yaml"""

    schema_version: SchemaOne
    sectors: tuple[Sector, ...]
    heatmap: Heatmap
    trends: tuple[MarketNote, ...]
    companies: tuple[MarketNote, ...]
    industries: tuple[Industry, ...]
    contexts: tuple[MarketNote, ...] = ()
    """Corporate, start-up, remote."""


class Figure(Record):
    """One figure in a sentence of ours."""

    id: DottedId
    text: Line
    calc: str | None = None
    """An arithmetic expression that evaluates to a number in `text`."""


class Figures(Part):
    schema_version: SchemaOne
    figures: tuple[Figure, ...]
